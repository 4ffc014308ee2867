using JobCloud.Protocol.Events;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Reasons;

/// <summary>JobCloud's own messages about one job, made from its history.</summary>
public static class Pilog
{
    /// <summary><c>[2026-11-22 15:04:05.123] - [INFO] - message</c>, one line a message.</summary>
    /// <param name="events">The facts that touch the job, oldest first.</param>
    /// <param name="offset">From UTC, of the times shown.</param>
    public static IEnumerable<string> Lines(
        long jid,
        IEnumerable<JobEvent> events,
        TimeSpan offset = default
    )
    {
        foreach (var fact in events)
        {
            if (EventText.Of(fact) is not { } line)
                continue;
            yield return Line(line.When, line.Level, $"job {jid}: {line.Message}", offset);
            if (fact.Ended is not { } ended)
                continue;
            foreach (var limit in LimitsHit(ended))
                yield return Line(line.When, Level.Warning, $"job {jid}: {limit}", offset);
        }
    }

    private static IEnumerable<string> LimitsHit(Ended ended)
    {
        var attempt = $"attempt {ended.Attempt}";
        if (ended.Exit is { OutOfMemory: true })
            yield return $"{attempt} ran out of memory";
        else if (ended.Usage is { MemoryFailures: > 0 } usage)
            yield return $"{attempt} hit its memory limit {usage.MemoryFailures} times";
        if (ended.Exit is { OverMaxRuntime: true })
            yield return $"{attempt} ran longer than its max runtime";
        if (ended.Exit is { CoreDumped: true })
            yield return $"{attempt} dumped core";
    }

    private static string Line(long when, Level level, string message, TimeSpan offset) =>
        $"[{Instants.Log(when, offset)}] - [{Word(level)}] - {message}";

    private static string Word(Level level) =>
        level switch
        {
            Level.Error => "ERROR",
            Level.Warning => "WARNING",
            _ => "INFO",
        };
}
