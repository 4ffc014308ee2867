using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Limits of the terminals that pass through this node
/// (<c>jobcloud.terminals</c>).</summary>
internal sealed record TerminalSettings
{
    public required int SessionsMax { get; init; }

    /// <summary>Zero: never.</summary>
    public required TimeSpan IdleLimit { get; init; }

    /// <summary>Bytes of one terminal on their way, in each direction: a slow reader holds up its
    /// writer, not a node's memory.</summary>
    public int Window { get; init; } = 256 << 10;

    internal static TerminalSettings Read(SettingsReader read) =>
        new()
        {
            SessionsMax = read.Count(
                "jobcloud.terminals.sessions-max",
                1000,
                "Terminals (`ssh`) that pass through one node at once."
            ),
            IdleLimit = read.DurationOrOff(
                "jobcloud.terminals.idle-limit",
                "10m",
                "A job of `exec-shell` that nobody ever entered ends after this. off: never."
            ),
        };
}
