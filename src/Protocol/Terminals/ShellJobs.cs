using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Terminals;

/// <summary>Why a job that is there for its terminals ends.</summary>
public static class ShellJobs
{
    public const string LastHasGone = "The last terminal has gone: the shell job ends.";

    public static string NobodyCame(long idleMs) =>
        $"Nobody came for {Durations.Words(TimeSpan.FromMilliseconds(idleMs))}: the shell job ends.";
}
