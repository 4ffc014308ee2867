using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Why a process could not be started, in a sentence without its stop.</summary>
internal static class StartTrouble
{
    /// <summary>Why a working directory will not do; null: it will.</summary>
    public static string? OfDirectory(string directory)
    {
        if (directory[0] != '/')
            return $"working directory {directory} is not an absolute path";
        if (!Libc.TryStat(directory, followLink: true, out var status))
            return Libc.Errno == Libc.EACCES
                ? $"working directory {directory} may not be entered"
                : $"working directory {directory} does not exist";
        if (!status.IsDirectory)
            return $"working directory {directory} is not a directory";
        return Libc.access(directory, Libc.X_OK) == 0
            ? null
            : $"working directory {directory} may not be entered";
    }

    /// <summary>An error of posix_spawn(3).</summary>
    public static string OfSpawn(int error, string program) =>
        error switch
        {
            Libc.E2BIG => "the command and its environment are longer than this system takes",
            Libc.ENOENT => $"no such file: {program}, or the interpreter that it names",
            Libc.ENOTDIR => $"no such file: {program}",
            Libc.EACCES or Libc.EPERM => $"no permission to run {program}",
            Libc.EISDIR => $"{program} is a directory",
            Libc.ENOEXEC => $"{program} is not a program for this machine",
            Libc.ETXTBSY => $"{program} is being written to",
            Libc.ELOOP => $"{program} is a link that leads to itself",
            Libc.ENAMETOOLONG => "the program's name is longer than this system takes",
            Libc.EAGAIN => "the limit of processes of this user is reached (ulimit -u)",
            Libc.ENOMEM => "the machine has no memory left for a process",
            _ => OfFile(error, "its output files"),
        };

    /// <summary>An error met while a file of the attempt was made.</summary>
    public static string OfFile(int error, string what) =>
        error switch
        {
            Libc.ENOSPC => $"no space left for {what} under JOBCLOUD_HOME",
            Libc.EDQUOT => $"the disk quota leaves no space for {what} under JOBCLOUD_HOME",
            Libc.EROFS => $"{what} cannot be written: JOBCLOUD_HOME is read-only",
            Libc.EACCES or Libc.EPERM => $"no permission to write {what} under JOBCLOUD_HOME",
            Libc.EMFILE or Libc.ENFILE => "the limit of open files is reached (ulimit -n)",
            Libc.ENAMETOOLONG => $"the name of {what} is longer than this system takes",
            _ => $"{what} cannot be made (error {error})",
        };
}
