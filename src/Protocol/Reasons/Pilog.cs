using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Reasons;

/// <summary>Formats JobCloud's own messages about one job from its events.</summary>
public static class Pilog
{
    /// <summary>Waits shorter than this, µs, get no message.</summary>
    private const long NotableWait = 1_000_000;

    /// <summary>One line per message:
    /// <c>[2026-11-22 15:04:05.123] - [INFO] - message</c>.</summary>
    /// <param name="events">The events of the job, oldest first.</param>
    /// <param name="offset">The UTC offset of displayed times.</param>
    public static IEnumerable<string> Lines(
        Jid jid,
        IEnumerable<JobEvent> events,
        TimeSpan offset = default
    )
    {
        long? queuedSince = null;
        foreach (var fact in events)
        {
            var waited = fact.At - queuedSince;
            if (IsQueuedBy(fact))
                queuedSince = Math.Max(fact.At, fact.Ended?.NotBefore ?? 0);
            else if (fact.Assigned is not null)
                queuedSince = null;
            if (EventText.Of(fact) is not { } line)
                continue;
            if (fact.Assigned is not null && waited >= NotableWait)
                yield return Line(
                    line.When,
                    EventLevel.Info,
                    $"job {jid}: {Queued(waited.Value)}",
                    offset
                );
            yield return Line(line.When, line.Level, $"job {jid}: {line.Message}", offset);
            if (fact.Ended is not { } ended)
                continue;
            foreach (var more in AboutEnd(ended))
                yield return Line(line.When, EventLevel.Warning, $"job {jid}: {more}", offset);
        }
    }

    /// <summary>A message on why the job waits now.</summary>
    /// <param name="why">The reason, without a full stop.</param>
    public static string Waits(Jid jid, string why, long now, TimeSpan offset = default) =>
        Line(now, EventLevel.Info, $"job {jid}: waiting: {why}", offset);

    /// <summary>Whether the event makes the job runnable.</summary>
    private static bool IsQueuedBy(JobEvent fact) =>
        fact.FactCase switch
        {
            JobEvent.FactOneofCase.Submitted => fact.Submitted.DependsOn.Count == 0,
            JobEvent.FactOneofCase.DependencySettled => true,
            JobEvent.FactOneofCase.Unassigned => true,
            JobEvent.FactOneofCase.Ended => fact.Ended.Status == Status.Queued,
            JobEvent.FactOneofCase.AttemptLost => fact.AttemptLost.Status == Status.Queued,
            JobEvent.FactOneofCase.Retried => fact.Retried.Status == Status.Queued,
            _ => false,
        };

    private static string Queued(long micros)
    {
        var tenths = TimeSpan.FromMicroseconds(micros / 100_000 * 100_000);
        return $"was queued for {Durations.Words(tenths)}";
    }

    private static IEnumerable<string> AboutEnd(AttemptEnd ended)
    {
        var attempt = $"attempt {ended.Attempt}";
        if (ended.Exit is { OutOfMemory: true })
            yield return $"{attempt} ran out of memory";
        else if (ended.Usage is { MemoryFailures: > 0 } usage)
            yield return $"{attempt} hit its memory limit {usage.MemoryFailures} times";
        if (ended.Exit is { ProcessLimit: > 0 } crowded)
            yield return $"{attempt} reached its limit of {crowded.ProcessLimit} processes and was killed "
                + "(jobcloud.executor.pids-max)";
        if (ended.Exit is { LeftCgroup: true })
            yield return $"{attempt} was killed because its processes left its cgroup again after "
                + "they had been moved back";
        if (ended.Exit is { OverMaxRuntime: true })
            yield return $"{attempt} exceeded its max runtime";
        if (ended.Exit is { CoreDumped: true })
            yield return $"{attempt} dumped core";
        if (ended.Exit is { DroppedBytes: > 0 } exit)
            yield return $"{attempt} {WhyDropped(exit)}: the oldest {exit.DroppedBytes} bytes of its output were dropped";
        if (ended.Exit is { ProfileTrouble.Length: > 0 } unprofiled)
            yield return $"{attempt} has no profile: {unprofiled.ProfileTrouble}";
    }

    private static string WhyDropped(Exit exit) =>
        exit.DiskWasLow ? "ran while its node's disk was nearly full" : "exceeded the output limit";

    private static string Line(long when, EventLevel level, string message, TimeSpan offset) =>
        $"[{Instants.Log(when, offset)}] - [{Word(level)}] - {message}";

    private static string Word(EventLevel level) =>
        level switch
        {
            EventLevel.Error => "ERROR",
            EventLevel.Warning => "WARNING",
            _ => "INFO",
        };
}
