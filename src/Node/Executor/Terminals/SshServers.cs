using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Sandboxes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>Runs OpenSSH's server in jobs, if the machine has it. Used only on the event-loop
/// thread.</summary>
internal sealed class SshServers
{
    private readonly ProgramSearch _programs = new();

    /// <summary>The jobs in which a server was started, and which therefore have key
    /// files.</summary>
    private readonly HashSet<TrackedAttempt> _entered = [];

    /// <summary>Returns the command line of a server; null: unavailable, with the reason as a
    /// sentence without its full stop.</summary>
    public IReadOnlyList<string>? CommandLine(
        TrackedAttempt attempt,
        Sandbox? sandbox,
        string directory,
        string userShell,
        Account? account,
        OpenTerminal open,
        long now,
        out string? reason
    )
    {
        var (sshd, keygen) = (Find("sshd", now), Find("ssh-keygen", now));
        reason =
            sshd is null || keygen is null
                ? "sshd is not installed on the node: install openssh-server there, or use jobcloud ssh"
            : sandbox is { Root.Length: > 0 }
                ? "sshd cannot run in a job with its own root file system: use jobcloud ssh"
            : AttemptFiles.MakeKeys(attempt.Paths, account) is var error and not 0
                ? StartErrors.ForFile(error, "the directory of the job's keys").Why
            : null;
        if (reason is not null)
            return null;
        _entered.Add(attempt);
        return SshServer.Words(
            attempt.Paths.Ssh,
            directory,
            userShell,
            sshd!,
            keygen!,
            SshServer.SftpServers.FirstOrDefault(file => Libc.access(file, Libc.X_OK) == 0),
            open.PublicKey.ToStringUtf8()
        );
    }

    /// <summary>Removes the keys of a job without live processes.</summary>
    public void Leave(TrackedAttempt attempt)
    {
        if (_entered.Remove(attempt))
            ThreadPool.UnsafeQueueUserWorkItem(
                AttemptFiles.RemoveKeys,
                attempt.Paths,
                preferLocal: false
            );
    }

    private string? Find(string name, long now) =>
        _programs.Find(
            name,
            $"{Environment.GetEnvironmentVariable("PATH")}:{SshServer.SystemPath}",
            "/",
            now
        );
}
