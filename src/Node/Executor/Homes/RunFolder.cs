using System.Globalization;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Homes;

/// <summary>Reads and writes the files that an executor leaves to the next one, whatever became of
/// them meanwhile.</summary>
internal static unsafe class RunFolder
{
    private const int PrivateFile = 0x180, // 0600
        PrivateFolder = 0x1c0, // 0700
        Permissions = 0x1ff,
        WritableByAll = 2;

    /// <summary>Sets aside what is not of its kind, too large, or another's. Returns what was done,
    /// as sentences without their full stops.</summary>
    public static List<string> Tidy(HomePaths home)
    {
        var done = new List<string>();
        foreach (var file in RunFile.Of(home))
        {
            if (Tidy(file) is { } sentence)
                done.Add(sentence);
        }
        return done;
    }

    /// <summary>Sets a file aside unless it is as expected; null: nothing was done.</summary>
    public static string? Tidy(RunFile file)
    {
        if (!Libc.TryStat(file.Path, followLink: false, out var status))
            return null;
        if (Trouble(file, status) is { } trouble)
            return SetAside(file.Path, trouble);
        var wanted =
            file.Kind == RunFileKind.File ? PrivateFile
            : file.Kind == RunFileKind.Folder ? PrivateFolder
            : 0;
        return (status.Mode & wanted) == wanted || Libc.chmod(file.Path, wanted) == 0
            ? null
            : SetAside(file.Path, "it is not readable");
    }

    /// <summary>The content of a file; null: there is none that can be read.</summary>
    public static byte[]? Read(string path, long maxBytes)
    {
        if (
            !Libc.TryStat(path, followLink: false, out var status)
            || !status.IsRegular
            || status.Size > maxBytes
        )
            return null;
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Replaces a file as a whole; false: failed.</summary>
    public static bool Write(string path, ReadOnlySpan<byte> content)
    {
        const int Flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC;
        var fresh = path + RunFile.NewSuffix;
        _ = Libc.unlink(fresh);
        var fd = Libc.open(fresh, Flags, PrivateFile);
        if (fd < 0)
            return false;
        nint written;
        fixed (byte* bytes = content)
            written = Libc.write(fd, bytes, content.Length);
        _ = Libc.close(fd);
        return written == content.Length && Libc.rename(fresh, path) == 0;
    }

    private static string? Trouble(RunFile file, in Libc.FileStatus status) =>
        file.Kind switch
        {
            // Another file in the place of a socket is removed when the socket is made.
            RunFileKind.Socket => status.IsDirectory ? "it is a directory" : null,
            RunFileKind.Folder when !status.IsDirectory => "it is not a directory",
            RunFileKind.File when !status.IsRegular => "it is not a file",
            RunFileKind.File when status.Size > file.MaxBytes =>
                $"it has {status.Size} bytes, more than {file.MaxBytes}",
            _ when status.User != Libc.geteuid() => $"it belongs to the account {status.User}",
            _ when (status.Mode & Permissions & WritableByAll) != 0 => "everyone can write it",
            _ => null,
        };

    private static string SetAside(string path, string trouble)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.aside-{Clock.WallUs()}");
        return Libc.rename(path, aside) == 0
            ? $"renamed {path} to {Path.GetFileName(aside)}: {trouble}"
            : $"{path} cannot be renamed (errno {Libc.Errno}), but {trouble}";
    }
}
