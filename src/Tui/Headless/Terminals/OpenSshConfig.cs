using System.Globalization;
using JobCloud.Protocol.Notation;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>Generates configurations for OpenSSH clients: ssh_config(5). Job 7 is the host
/// <c>job-7</c>.</summary>
/// <remarks>Host keys are not checked: the socket or TLS connection of the node already
/// authenticates both sides, and a key per job would only cause prompts.</remarks>
internal static class OpenSshConfig
{
    private const string Prefix = "job-";

    public static string HostOf(Jid jid) => $"{Prefix}{jid}";

    /// <summary>The jid in the name of a host; null if it contains none.</summary>
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

    /// <summary>The command that forwards a connection, quoted for the shell of ssh(1).</summary>
    /// <param name="variables">The variables to set, since ssh may run the command in another
    /// environment.</param>
    public static string Proxy(
        IEnumerable<(string Name, string Value)> variables,
        IEnumerable<string> command
    )
    {
        var words = variables
            .Select(v => $"{v.Name}={Quoted(v.Value)}")
            .Prepend("env")
            .Concat(command.Select(Quoted));
        // ssh expands tokens such as %n, the name of the host.
        return $"{string.Join(' ', words).Replace("%", "%%", StringComparison.Ordinal)} %n";
    }

    private static string Quoted(string word) =>
        word.All(static c => char.IsAsciiLetterOrDigit(c) || "-_./:=".Contains(c))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
