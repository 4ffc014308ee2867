using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Terminals;

/// <summary>Messages on the end of shell jobs.</summary>
public static class ShellJobMessages
{
    public const string LastTerminalClosed = "The last terminal closed: the shell job ends.";

    public static string NoTerminalOpened(long idleMs) =>
        $"No terminal opened for {Durations.Words(TimeSpan.FromMilliseconds(idleMs))}: the shell job ends.";
}
