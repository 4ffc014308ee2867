using JobCloud.Node.Daemon.Hosting;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Limits of the terminals that pass through this node.</summary>
/// <param name="Window">Bytes of one terminal on their way, in each direction.</param>
/// <param name="SessionsMax">Terminals at once.</param>
/// <param name="IdleLimit">After which a shell job that nobody ever entered ends; zero: never.</param>
public sealed record TerminalSettings(int Window, int SessionsMax, TimeSpan IdleLimit)
{
    internal static TerminalSettings Read(SettingsReader read) =>
        new(
            (int)read.Size("jobcloud.terminals.window", 2 * TerminalScan.TakenAtLeast, 64 << 20),
            read.Count("jobcloud.terminals.sessions-max"),
            read.DurationOrOff("jobcloud.terminals.idle-limit")
        );
}
