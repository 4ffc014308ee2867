using System.Globalization;
using Google.Protobuf;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Creates the files that an attempt needs to start and removes them when it is
/// forgotten.</summary>
internal static class AttemptFiles
{
    private const int PrivateFile = 0x180; // 0600
    private const int Executable = 0x1ff; // 0777

    /// <summary>Creates what a start needs. Returns null on success, otherwise the error.</summary>
    public static string? Prepare(
        AttemptPaths paths,
        StartProcess order,
        FilePool filePool,
        long now
    )
    {
        var own = order.WorkingDirectory.Length == 0 || order.Files.Count > 0;
        var error =
            !own ? Folder.Make(paths.Folder)
            : filePool.TryTakeDirectory(paths.Directory, now) ? 0
            : MakeFresh(paths.Directory);
        if (error != 0)
            return StartErrors.ForFile(error, "the job's directory");
        if (order.HasStdin && Write(paths.Stdin, PrivateFile, order.Stdin) is var e and not 0)
            return StartErrors.ForFile(e, "the job's standard input");
        foreach (var file in order.Files)
        {
            if (file.Name is "" or "." or ".." || file.Name.Contains('/', StringComparison.Ordinal))
                return $"\"{file.Name}\" is not a valid name for a file sent with the job";
            if (WriteNew(paths.Directory, file) is var failure and not 0)
                return StartErrors.ForFile(failure, $"the file {file.Name}");
        }
        return null;
    }

    /// <summary>Removes all files of an attempt.</summary>
    public static void Remove(AttemptPaths paths)
    {
        foreach (
            var file in (ReadOnlySpan<string>)
                [
                    paths.Stdout,
                    paths.Stderr,
                    paths.Stdin,
                    paths.Result,
                    paths.Timeline,
                    paths.StartProgress,
                    paths.DropNote,
                    paths.NewDropNote,
                    paths.Logging,
                    paths.Syslog,
                    paths.Profile,
                    paths.ProfileData,
                    paths.ProfilerErrors,
                    paths.ProfileGate,
                ]
        )
            _ = Libc.unlink(file);
        if (Libc.rmdir(paths.Directory) != 0 && Libc.Errno == Libc.ENOTEMPTY)
            RemoveTree(paths.Directory);
        RemoveKeys(paths);
        _ = Libc.rmdir(paths.Folder);
    }

    /// <summary>Removes the files of the attempt's SSH server.</summary>
    public static void RemoveKeys(AttemptPaths paths)
    {
        if (Directory.Exists(paths.Ssh))
            RemoveTree(paths.Ssh);
    }

    /// <summary>Creates an empty directory and replaces one left by an attempt of an earlier
    /// store.</summary>
    private static int MakeFresh(string directory)
    {
        if (Directory.Exists(directory))
            RemoveTree(directory);
        return Folder.Make(directory);
    }

    /// <summary>Writes a file sent with the job. If the name is taken, appends a dash and a
    /// number.</summary>
    private static int WriteNew(string folder, SentFile file)
    {
        var path = $"{folder}/{file.Name}";
        for (var i = 1; ; i++)
        {
            var error = Write(path, Executable, file.Content);
            if (error != Libc.EEXIST)
                return error;
            path = string.Create(CultureInfo.InvariantCulture, $"{folder}/{file.Name}-{i}");
        }
    }

    private static unsafe int Write(string path, int mode, ByteString content)
    {
        const int Flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC;
        var fd = Libc.open(path, Flags, mode);
        if (fd < 0)
            return Libc.Errno;
        var error = 0;
        var rest = content.Span;
        while (!rest.IsEmpty && error == 0)
        {
            nint count;
            fixed (byte* bytes = rest)
                count = Libc.write(fd, bytes, rest.Length);
            if (count >= 0)
                rest = rest[(int)count..];
            else if (Libc.Errno != Libc.EINTR)
                error = Libc.Errno;
        }
        _ = Libc.close(fd);
        if (error == 0 && mode == Executable)
            _ = Libc.chmod(path, mode);
        return error;
    }

    private static void RemoveTree(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A job may leave read-only directories; they stay, which is harmless.
        }
    }
}
