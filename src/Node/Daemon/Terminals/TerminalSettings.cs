using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Limits for the terminals that pass through this node
/// (<c>jobcloud.terminals</c>).</summary>
internal sealed record TerminalSettings
{
    public required int SessionsMax { get; init; }

    /// <summary>Time after which a job of <c>exec-shell</c> in which no terminal opens ends;
    /// zero: never.</summary>
    public required TimeSpan IdleLimit { get; init; }

    /// <summary>Maximum bytes of one terminal in transit, in each direction: a slow reader delays
    /// its writer and does not fill a node's memory.</summary>
    public int Window { get; init; } = 256 << 10;

    internal static TerminalSettings Read(SettingsReader read) =>
        new()
        {
            SessionsMax = read.Count(
                "jobcloud.terminals.sessions-max",
                1000,
                "Maximum number of open terminals (`ssh`) that pass through one node."
            ),
            IdleLimit = read.DurationOrOff(
                "jobcloud.terminals.idle-limit",
                "10m",
                "An `exec-shell` job ends after this long if no terminal opens in it. off: never."
            ),
        };
}
