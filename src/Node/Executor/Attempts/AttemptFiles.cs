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
    /// <param name="account">The account that the files belong to; null: the executor's
    /// own.</param>
    public static StartError? Prepare(
        AttemptPaths paths,
        StartProcess order,
        Account? account,
        FilePool filePool,
        long now
    )
    {
        if (account is not null)
            return MakeOwned(paths, order, account);
        var error = filePool.TryTakeDirectory(paths.Directory, now)
            ? 0
            : MakeFresh(paths.Directory);
        if (error != 0)
            return StartErrors.ForFile(error, "the job's directory");
        return WriteSent(paths, order, null);
    }

    /// <summary>Creates all files that the processes of another account write, because they cannot
    /// create any beside them. The job's directory is given away last, so that no other account
    /// changes it before.</summary>
    private static StartError? MakeOwned(AttemptPaths paths, StartProcess order, Account account)
    {
        var error = Folder.MakeOpen(paths.Folder);
        if (error == 0)
            error = MakeFresh(paths.Directory);
        if (error != 0)
            return StartErrors.ForFile(error, "the job's directory");
        string[] profile = order.Profile
            ? [paths.Profile, paths.ProfileData, paths.ProfilerErrors]
            : [];
        string[] written = [paths.Stdout, paths.Stderr, paths.Logging, paths.Exception, .. profile];
        foreach (var file in written)
        {
            _ = Libc.unlink(file);
            error = Write(file, PrivateFile, ByteString.Empty, account);
            if (error != 0)
                return StartErrors.ForFile(error, "the job's output files");
        }
        if (WriteSent(paths, order, account) is { } failure)
            return failure;
        error = account.Own(paths.Directory);
        return error == 0 ? null : StartErrors.ForFile(error, "the job's directory");
    }

    /// <summary>Writes what was sent with the job.</summary>
    private static StartError? WriteSent(AttemptPaths paths, StartProcess order, Account? account)
    {
        if (PlaceStdin(paths, order, account) is var e and not 0)
            return StartErrors.ForFile(e, "the job's standard input");
        foreach (var file in order.Files)
        {
            if (file.Name is "" or "." or ".." || file.Name.Contains('/', StringComparison.Ordinal))
                return $"\"{file.Name}\" is not a valid name for a file sent with the job";
            if (PlaceNew(paths.Directory, file, account) is var failure and not 0)
                return StartErrors.ForFile(failure, $"the file {file.Name}");
        }
        return null;
    }

    /// <summary>Returns the length of a file, and removes an empty one.</summary>
    public static long KeepUnlessEmpty(string path)
    {
        if (!Libc.TryStat(path, followLink: false, out var status))
            return 0;
        if (status.Size == 0)
            _ = Libc.unlink(path);
        return status.Size;
    }

    /// <summary>Frees the memory of what was sent, and deletes the copies that were not moved into
    /// place.</summary>
    public static void ForgetSent(StartProcess order)
    {
        foreach (var copy in order.Files.Select(file => file.Copy).Append(order.StdinCopy))
            if (copy.Length > 0)
                _ = Libc.unlink(copy);
        order.ClearStdin();
        order.Files.Clear();
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
                    paths.Exception,
                    paths.Profile,
                    paths.ProfileData,
                    paths.ProfilerErrors,
                    paths.ProfileGate,
                ]
        )
            _ = Libc.unlink(file);
        if (Libc.rmdir(paths.Directory) != 0 && Libc.Errno == Libc.ENOTEMPTY)
            FileTree.Remove(paths.Directory);
        RemoveKeys(paths);
        _ = Libc.rmdir(paths.Folder);
    }

    /// <summary>Removes the files of the attempt's SSH server.</summary>
    public static void RemoveKeys(AttemptPaths paths)
    {
        if (Directory.Exists(paths.Ssh))
            FileTree.Remove(paths.Ssh);
    }

    /// <summary>Creates the directory for the files of the attempt's SSH server, unless the job's
    /// processes can create it. Returns 0 or an errno.</summary>
    public static int MakeKeys(AttemptPaths paths, Account? account) =>
        account is null || Directory.Exists(paths.Ssh) ? 0
        : Folder.Make(paths.Ssh) is var error and not 0 ? error
        : account.Own(paths.Ssh);

    /// <summary>Creates an empty directory and replaces one left by an attempt of an earlier
    /// store.</summary>
    private static int MakeFresh(string directory)
    {
        if (Directory.Exists(directory))
            FileTree.Remove(directory);
        return Folder.Make(directory);
    }

    private static int PlaceStdin(AttemptPaths paths, StartProcess order, Account? account) =>
        order.StdinCopy.Length > 0 ? Move(order.StdinCopy, paths.Stdin, PrivateFile, account)
        : order.HasStdin ? Write(paths.Stdin, PrivateFile, order.Stdin, account)
        : 0;

    /// <summary>Puts a file sent with the job into its directory. If the name is taken, appends a
    /// dash and a number.</summary>
    private static int PlaceNew(string folder, SentFile file, Account? account)
    {
        var path = $"{folder}/{file.Name}";
        for (var i = 1; ; i++)
        {
            // No other account can change the directory yet.
            var error =
                file.Copy.Length == 0 ? Write(path, Executable, file.Content, account)
                : Libc.TryStat(path, followLink: false, out _) ? Libc.EEXIST
                : Move(file.Copy, path, Executable, account);
            if (error != Libc.EEXIST)
                return error;
            path = string.Create(CultureInfo.InvariantCulture, $"{folder}/{file.Name}-{i}");
        }
    }

    /// <summary>Moves a copy, which only this account can reach, to its place.</summary>
    private static int Move(string copy, string path, int mode, Account? account)
    {
        if (Libc.chmod(copy, mode) != 0)
            return Libc.Errno;
        if (account?.Own(copy) is { } error and not 0)
            return error;
        return Libc.rename(copy, path) == 0 ? 0 : Libc.Errno;
    }

    private static unsafe int Write(string path, int mode, ByteString content, Account? account)
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
        if (error == 0 && account is not null && Libc.fchown(fd, account.User, account.Group) != 0)
            error = Libc.Errno;
        _ = Libc.close(fd);
        if (error == 0 && mode == Executable)
            _ = Libc.chmod(path, mode);
        return error;
    }
}
