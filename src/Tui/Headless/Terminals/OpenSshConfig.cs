using System.Globalization;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>
/// What an OpenSSH client needs to know of jobs: ssh_config(5). It knows a job as <c>job-7</c>.
/// </summary>
/// <remarks>
/// Host keys are not checked: the way to the job is the node's own socket or TLS, which has proved
/// both sides already, and a key per job would only make the client ask.
/// </remarks>
internal static class OpenSshConfig
{
    private const string Prefix = "job-";

    public static string HostOf(long jid) => $"{Prefix}{jid}";

    /// <summary>The job that a host's name stands for; null: none.</summary>
    public static long? JidOf(string host) =>
        host.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(
            host.AsSpan(Prefix.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var jid
        )
        && jid > 0
            ? jid
            : null;

    /// <summary>A <c>Host</c> section.</summary>
    /// <param name="hosts">Names or patterns.</param>
    public static string Text(IEnumerable<string> hosts, string user, string key, string proxy) =>
        $"""
            Host {string.Join(' ', hosts)}
              User {user}
              IdentityFile "{key}"
              IdentitiesOnly yes
              ProxyCommand {proxy}
              StrictHostKeyChecking no
              UserKnownHostsFile /dev/null
              GlobalKnownHostsFile /dev/null
              LogLevel ERROR

            """;

    /// <summary>The command that carries a connection, for the shell that ssh(1) runs it
    /// by.</summary>
    /// <param name="variables">It may run in another environment than this.</param>
    public static string Proxy(
        IEnumerable<(string Name, string Value)> variables,
        IEnumerable<string> command
    )
    {
        var words = variables
            .Select(v => $"{v.Name}={Quoted(v.Value)}")
            .Prepend("env")
            .Concat(command.Select(Quoted));
        // A percent sign stands for something of ssh's own, as %n for the host's name.
        return $"{string.Join(' ', words).Replace("%", "%%", StringComparison.Ordinal)} %n";
    }

    private static string Quoted(string word) =>
        word.All(static c => char.IsAsciiLetterOrDigit(c) || "-_./:=".Contains(c))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
