using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Sandboxes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>Runs OpenSSH's server in jobs, where the machine has it. For the loop's thread.</summary>
internal sealed class SshServers
{
    private readonly ProgramSearch _programs = new();

    /// <summary>The words that run one; null: it cannot be had, for this reason, in a sentence without
    /// its stop.</summary>
    public IReadOnlyList<string>? Words(
        Attempt attempt,
        Sandbox? sandbox,
        string directory,
        string userShell,
        OpenTerminal open,
        out string? trouble
    )
    {
        var (sshd, keygen) = (Find("sshd"), Find("ssh-keygen"));
        trouble =
            sshd is null || keygen is null
                ? "there is no sshd on its node: install openssh-server there, or use jobcloud ssh"
            : sandbox is { Root.Length: > 0 }
                ? "sshd does not run in a root file system of the job's own: use jobcloud ssh"
            : null;
        if (trouble is not null)
            return null;
        attempt.HasSshServer = true;
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

    private string? Find(string name) =>
        _programs.Find(
            name,
            $"{Environment.GetEnvironmentVariable("PATH")}:{SshServer.SystemPath}",
            "/",
            Clock.NowMs()
        );
}
