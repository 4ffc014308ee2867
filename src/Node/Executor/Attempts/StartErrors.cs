using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The reasons why a process could not be started, as sentences without their full
/// stop.</summary>
internal static class StartErrors
{
    /// <summary>Returns why the path of a working directory cannot be one; null: it can. An empty
    /// path stands for the attempt's own.</summary>
    public static string? ForPath(string directory) =>
        directory.Contains('\0', StringComparison.Ordinal)
            ? "the path of the working directory contains a null character"
        : directory.Length > 0 && directory[0] != '/'
            ? $"working directory {directory} is not an absolute path"
        : null;

    /// <summary>Describes a fault of the executor itself.</summary>
    public static string ForException(Exception fault) =>
        $"the executor failed at it ({fault.GetType().Name}: {fault.Message.TrimEnd('.')})";

    /// <summary>Whether the node lacks something for now: descriptors, processes or
    /// memory.</summary>
    public static bool IsPassing(int error) =>
        error is Libc.EMFILE or Libc.ENFILE or Libc.EAGAIN or Libc.ENOMEM;

    /// <summary>Returns why a working directory is unusable; null: it is usable.</summary>
    /// <param name="directory">Its path as the job names it.</param>
    /// <param name="path">Its path on the machine.</param>
    /// <param name="account">The account that uses it; null: the executor's own.</param>
    public static string? ForDirectory(string directory, string path, Account? account, string node)
    {
        const string Instead = "share it, or use --fresh";
        using var rights = new FileRights(account);
        if (!Libc.TryStat(path, followLink: true, out var status))
            return Libc.Errno == Libc.EACCES
                ? NoPermission()
                : $"no directory {directory} on node {node}; {Instead}";
        if (!status.IsDirectory)
            return $"{directory} on node {node} is not a directory; name one, or use --fresh";
        return Libc.MayAccess(path, Libc.X_OK) ? null : NoPermission();

        string NoPermission() =>
            $"account {account?.Name ?? Libc.NameOf(Libc.geteuid())} has no permission to enter directory "
            + $"{directory} on node {node}; {Instead}";
    }

    /// <summary>Returns why the directory of another attempt is no working directory.</summary>
    public static string ForOwnDirectory(string directory) =>
        $"{directory} is below the jobs' own directories, which JobCloud deletes; use --fresh, or "
        + "copy its files with 'jobcloud files'";

    /// <summary>Describes an error of posix_spawn(3).</summary>
    /// <param name="limitsMemory">Whether the job's own limit of memory may be the cause.</param>
    public static StartError ForSpawn(int error, string program, bool limitsMemory = false) =>
        new(TextOf(error, program), IsPassing(error) && !(error == Libc.ENOMEM && limitsMemory));

    /// <summary>Describes an error that a process of another account met on its way to the
    /// program. The account's limits are its own: other accounts' jobs start here.</summary>
    public static string ForAccount(int error, string program, string account) =>
        error == Libc.EAGAIN
            ? $"account {account} has reached its limit of processes on this node (ulimit -u); end "
                + "some of them, then retry the job"
            : TextOf(error, program);

    private static string TextOf(int error, string program) =>
        error switch
        {
            Libc.E2BIG => "the command and its environment are too long for this system",
            Libc.ENOENT => $"{program} or its interpreter does not exist",
            Libc.ENOTDIR => $"no such file: {program}",
            Libc.EACCES when program.Contains('/') => ProgramSearch.Obstacle(program, "", "/", null)
                ?? $"permission denied: {program}",
            Libc.EACCES or Libc.EPERM => $"no permission to run {program}",
            Libc.EISDIR => $"{program} is a directory",
            Libc.ENOEXEC => $"{program} is not an executable for this machine",
            Libc.ETXTBSY => $"{program} is open for writing (text file busy)",
            Libc.ELOOP => $"too many levels of symbolic links: {program}",
            Libc.ENAMETOOLONG => "the program's name is too long for this system",
            Libc.EAGAIN => "this user's process limit is reached (ulimit -u)",
            Libc.ENOMEM => "the machine is out of memory",
            _ => TextOfFile(error, "the job's output files"),
        };

    /// <summary>Describes an error from creating a file of the attempt.</summary>
    public static StartError ForFile(int error, string what) =>
        new(TextOfFile(error, what), IsPassing(error));

    private static string TextOfFile(int error, string what) =>
        error switch
        {
            Libc.ENOSPC => $"no space left for {what} under JOBCLOUD_HOME",
            Libc.EDQUOT => $"the disk quota leaves no space for {what} under JOBCLOUD_HOME",
            Libc.EROFS => $"{what} cannot be written: JOBCLOUD_HOME is read-only",
            Libc.EACCES or Libc.EPERM => $"no permission to write {what} under JOBCLOUD_HOME",
            Libc.EMFILE or Libc.ENFILE => "the open file limit is reached (ulimit -n)",
            Libc.ENOMEM => "the machine is out of memory",
            Libc.ENAMETOOLONG => $"the name of {what} is too long for this system",
            _ => $"{what} cannot be created (errno {error})",
        };
}
