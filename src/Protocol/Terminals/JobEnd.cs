using System.Globalization;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Protocol.Terminals;

/// <summary>What the terminals of a job are told when it ends.</summary>
public static class JobEnd
{
    /// <summary><c>job 7 ended: exit 3</c>.</summary>
    /// <param name="exit">How its first process ended, as far as it is known.</param>
    /// <param name="isStopped">Somebody wanted it to end.</param>
    public static string Sentence(long jid, Exit exit, bool isStopped) =>
        string.Create(CultureInfo.InvariantCulture, $"job {jid} ended: {How(exit, isStopped)}");

    private static string How(Exit exit, bool isStopped) =>
        exit.Fenced ? "its node was cut off"
        : exit.OverMaxRuntime ? "over its max runtime"
        : exit.OutOfMemory ? "out of memory"
        : isStopped ? "killed"
        : exit.Signal != 0 ? Signals.Describe(exit.Signal)
        : exit.Code != 0 ? string.Create(CultureInfo.InvariantCulture, $"exit {exit.Code}")
        : "done";
}
