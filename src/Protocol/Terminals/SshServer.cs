using System.Text;

namespace JobCloud.Protocol.Terminals;

/// <summary>How sshd(8) is run in a job for one connection (<c>sshd -i</c>): all that it needs is
/// made by a shell, as the job's own process, so that nothing of it runs outside the job.</summary>
public static class SshServer
{
    /// <summary>Where sftp-server lies, by distribution.</summary>
    public static readonly IReadOnlyList<string> SftpServers =
    [
        "/usr/lib/openssh/sftp-server",
        "/usr/libexec/openssh/sftp-server",
        "/usr/libexec/sftp-server",
        "/usr/lib/ssh/sftp-server",
    ];

    /// <summary>Folders of sshd beside those of PATH.</summary>
    public const string SystemPath = "/usr/sbin:/usr/local/sbin:/sbin";

    // The words are: folder, the folder as sshd's settings have it, public key, settings, entry
    // script, ssh-keygen, sshd. The host key stays as long as the attempt, so that clients may
    // remember it. The variables are kept as this shell has them, the mark of the job included:
    // sshd clears them.
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

    // No PAM: its session modules would take the processes out of the job's cgroup.
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

    /// <summary>The words that run it.</summary>
    /// <param name="folder">Of the attempt, for its keys; need not be there.</param>
    /// <param name="directory">Where its sessions begin.</param>
    /// <param name="userShell">What they run.</param>
    /// <param name="sftpServer">Null: there is none, and no sftp.</param>
    /// <param name="publicKey">In the form of authorized_keys.</param>
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

    /// <summary>Why a key cannot be authorised; null: it can.</summary>
    public static string? TroubleOfKey(string key) =>
        key.AsSpan().ContainsAny('\n', '\r', '\0') || key.Split(' ').Length < 2
            ? "An SSH server needs one public key, as a line of authorized_keys."
            : null;

    /// <summary>What each session begins with: the variables and the directory of the
    /// job.</summary>
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
