using System.Globalization;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Protocol.Terminals;

/// <summary>The message to the terminals of a job when it ends.</summary>
public static class JobEndText
{
    /// <summary><c>job 7 ended: exit 3</c>.</summary>
    /// <param name="exit">The exit of its first process, as far as known.</param>
    /// <param name="isStopped">Whether it was stopped on request.</param>
    public static string Sentence(Jid jid, Exit exit, bool isStopped) =>
        string.Create(CultureInfo.InvariantCulture, $"job {jid} ended: {How(exit, isStopped)}");

    private static string How(Exit exit, bool isStopped) =>
        exit.Fenced ? "its node lost contact with the cloud"
        : exit.OverMaxRuntime ? "max runtime exceeded"
        : exit.OutOfMemory ? "out of memory"
        : exit.ProcessLimit > 0 ? $"limit of {exit.ProcessLimit} processes reached"
        : exit.LeftCgroup ? "its processes left its cgroup"
        : isStopped ? "killed"
        : exit.Signal != 0 ? SignalNames.Describe(exit.Signal)
        : exit.Code != 0 ? string.Create(CultureInfo.InvariantCulture, $"exit {exit.Code}")
        : "done";
}
