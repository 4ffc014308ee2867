using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Terminals;

/// <summary>Messages on the end of shell jobs.</summary>
public static class ShellJobs
{
    public const string LastHasGone = "The last terminal closed: the shell job ends.";

    public static string NobodyCame(long idleMs) =>
        $"No terminal opened for {Durations.Words(TimeSpan.FromMilliseconds(idleMs))}: the shell job ends.";
}
