using System.Text;

namespace JobCloud.Protocol.Terminals;

/// <summary>Builds the command that runs sshd(8) in a job for one connection (<c>sshd -i</c>). A
/// shell in the job prepares everything, so that no part of it runs outside the job.</summary>
public static class SshServer
{
    /// <summary>Paths of sftp-server on various distributions.</summary>
    public static readonly IReadOnlyList<string> SftpServers =
    [
        "/usr/lib/openssh/sftp-server",
        "/usr/libexec/openssh/sftp-server",
        "/usr/libexec/sftp-server",
        "/usr/lib/ssh/sftp-server",
    ];

    /// <summary>Directories with sshd, in addition to PATH.</summary>
    public const string SystemPath = "/usr/sbin:/usr/local/sbin:/sbin";

    // Arguments: directory, the directory as escaped for sshd's settings, public key, settings,
    // session script, ssh-keygen, sshd. The host key lives as long as the attempt, so that clients
    // can remember it. The script saves this shell's variables, including the mark of the job,
    // because sshd clears them.
    private const string Script = """
        umask 077
        mkdir -p "$1" || exit
        put() { printf '%s\n' "$2" > "$1.$$" && mv -f "$1.$$" "$1" || exit; }
        if [ ! -e "$1/host" ]; then
          "$6" -q -t ed25519 -N '' -C '' -f "$1/new.$$" </dev/null >&2 || exit
          ln "$1/new.$$" "$1/host" 2>/dev/null
          rm -f "$1/new.$$" "$1/new.$$.pub"
        fi
        put "$1/settings" "$4"
        put "$1/enter" "$5"
        put "$1/environment" "$(export -p)"
        [ "$(id -u)" != 0 ] || [ -d /run/sshd ] || mkdir -m 755 /run/sshd || exit
        printf '%s\n' "$3" > "$1/key.$$" || exit
        trap : HUP TERM
        "$7" -i -e -f "$1/settings" -o "AuthorizedKeysFile=\"$2/key.$$\"" -o "AllowUsers=$(id -un)"
        code=$?
        rm -f "$1/key.$$"
        exit $code
        """;

    // No PAM: its session modules would move the processes out of the job's cgroup.
    private const string Settings = """
        AuthenticationMethods publickey
        PubkeyAuthentication yes
        PasswordAuthentication no
        ChallengeResponseAuthentication no
        PermitRootLogin prohibit-password
        UsePAM no
        StrictModes no
        PidFile none
        PrintMotd no
        PrintLastLog no
        PermitUserRC no
        AllowTcpForwarding yes
        UseDNS no
        LogLevel ERROR
        """;

    /// <summary>The arguments that run it.</summary>
    /// <param name="folder">The attempt's directory for its keys; it need not exist.</param>
    /// <param name="directory">The initial directory of its sessions.</param>
    /// <param name="userShell">The shell of its sessions.</param>
    /// <param name="sftpServer">Null: not installed, so sftp is unavailable.</param>
    /// <param name="publicKey">The key, as in authorized_keys.</param>
    public static IReadOnlyList<string> Words(
        string folder,
        string directory,
        string userShell,
        string sshd,
        string keygen,
        string? sftpServer,
        string publicKey
    )
    {
        // sshd_config(5), TOKENS.
        var escaped = folder.Replace("%", "%%", StringComparison.Ordinal);
        var settings = new StringBuilder(Settings)
            .Append($"\nHostKey \"{folder}/host\"")
            .Append($"\nForceCommand exec /bin/sh {Quote($"{folder}/enter")}");
        if (sftpServer is not null)
            settings.Append($"\nSubsystem sftp {sftpServer}");
        return
        [
            "/bin/sh",
            "-c",
            Script,
            "sh",
            folder,
            escaped,
            publicKey,
            settings.ToString(),
            Entry(folder, directory, userShell),
            keygen,
            sshd,
        ];
    }

    /// <summary>The problem of a public key; null: it is valid.</summary>
    public static string? KeyProblem(string key) =>
        key.AsSpan().ContainsAny('\n', '\r', '\0') || key.Split(' ').Length < 2
            ? "An SSH server requires one public key, as a line of authorized_keys."
            : null;

    /// <summary>The script of each session, which restores the job's variables and
    /// directory.</summary>
    private static string Entry(string folder, string directory, string userShell) =>
        $$"""
            term=$TERM
            . {{Quote($"{folder}/environment")}}
            [ -z "$term" ] || export TERM="$term"
            cd {{Quote(directory)}}
            [ -z "$SSH_ORIGINAL_COMMAND" ] || exec {{Quote(userShell)}} -c "$SSH_ORIGINAL_COMMAND"
            exec {{Quote(userShell)}}
            """;

    private static string Quote(string word) =>
        $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
