using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The reasons why a process could not be started, as sentences without their full
/// stop.</summary>
internal static class StartErrors
{
    /// <summary>Returns why the path of a working directory cannot be one; null: it can. An empty
    /// path asks for a fresh directory.</summary>
    public static string? ForPath(string directory) =>
        directory.Contains('\0', StringComparison.Ordinal)
            ? "the path of the working directory contains a null character"
        : directory.Length > 0 && directory[0] != '/'
            ? $"working directory {directory} is not an absolute path"
        : null;

    /// <summary>Describes a fault of the executor itself.</summary>
    public static string ForException(Exception fault) =>
        $"the executor failed at it ({fault.GetType().Name}: {fault.Message.TrimEnd('.')})";

    /// <summary>Returns why a working directory is unusable; null: it is usable.</summary>
    /// <param name="account">The account that uses it; null: the executor's own.</param>
    public static string? ForDirectory(string directory, Account? account)
    {
        using var rights = new FileRights(account);
        if (!Libc.TryStat(directory, followLink: true, out var status))
            return Libc.Errno == Libc.EACCES
                ? $"no permission to enter working directory {directory}"
                : $"working directory {directory} does not exist";
        if (!status.IsDirectory)
            return $"working directory {directory} is not a directory";
        return Libc.MayAccess(directory, Libc.X_OK)
            ? null
            : $"no permission to enter working directory {directory}";
    }

    /// <summary>Describes an error of posix_spawn(3).</summary>
    public static string ForSpawn(int error, string program) =>
        error switch
        {
            Libc.E2BIG => "the command and its environment are too long for this system",
            Libc.ENOENT => $"{program} or its interpreter does not exist",
            Libc.ENOTDIR => $"no such file: {program}",
            Libc.EACCES or Libc.EPERM => $"no permission to run {program}",
            Libc.EISDIR => $"{program} is a directory",
            Libc.ENOEXEC => $"{program} is not an executable for this machine",
            Libc.ETXTBSY => $"{program} is open for writing (text file busy)",
            Libc.ELOOP => $"too many levels of symbolic links: {program}",
            Libc.ENAMETOOLONG => "the program's name is too long for this system",
            Libc.EAGAIN => "this user's process limit is reached (ulimit -u)",
            Libc.ENOMEM => "the machine is out of memory",
            _ => ForFile(error, "the job's output files"),
        };

    /// <summary>Describes an error from creating a file of the attempt.</summary>
    public static string ForFile(int error, string what) =>
        error switch
        {
            Libc.ENOSPC => $"no space left for {what} under JOBCLOUD_HOME",
            Libc.EDQUOT => $"the disk quota leaves no space for {what} under JOBCLOUD_HOME",
            Libc.EROFS => $"{what} cannot be written: JOBCLOUD_HOME is read-only",
            Libc.EACCES or Libc.EPERM => $"no permission to write {what} under JOBCLOUD_HOME",
            Libc.EMFILE or Libc.ENFILE => "the open file limit is reached (ulimit -n)",
            Libc.ENAMETOOLONG => $"the name of {what} is too long for this system",
            _ => $"{what} cannot be created (errno {error})",
        };
}
