using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Sandboxes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>Runs OpenSSH's server in jobs, where the machine has it. For the loop's
/// thread.</summary>
internal sealed class SshServers
{
    private readonly ProgramSearch _programs = new();

    /// <summary>Jobs in which one was ever started: there are keys of it.</summary>
    private readonly HashSet<Attempt> _entered = [];

    /// <summary>The words that run one; null: it cannot be had, for this reason, in a sentence
    /// without its stop.</summary>
    public IReadOnlyList<string>? Words(
        Attempt attempt,
        Sandbox? sandbox,
        string directory,
        string userShell,
        OpenTerminal open,
        long now,
        out string? trouble
    )
    {
        var (sshd, keygen) = (Find("sshd", now), Find("ssh-keygen", now));
        trouble =
            sshd is null || keygen is null
                ? "there is no sshd on its node: install openssh-server there, or use jobcloud ssh"
            : sandbox is { Root.Length: > 0 }
                ? "sshd does not run in a root file system of the job's own: use jobcloud ssh"
            : null;
        if (trouble is not null)
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

    /// <summary>Nothing of the job lives any more: removes the keys.</summary>
    public void Leave(Attempt attempt)
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
