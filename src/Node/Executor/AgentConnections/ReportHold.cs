namespace JobCloud.Node.Executor.AgentConnections;

/// <summary>The kinds of reports that an executor has queued for its agent.</summary>
[Flags]
internal enum QueuedReports
{
    None = 0,
    Starts = 1,
    Ends = 2,
    Others = 4,
}

/// <summary>How long reports of starts wait in the executor. While jobs end in quick succession,
/// the report of an end follows soon, and one message wakes the agent for both. Where no job has
/// ended lately, nothing waits. Times in ms.</summary>
/// <param name="EndedAt">When the last report of an end was queued.</param>
/// <param name="Until">When the waiting reports are sent; null: none wait.</param>
internal readonly record struct ReportHold(long EndedAt, long? Until)
{
    public const long HoldMs = 5;

    /// <summary>Jobs end in quick succession if one ended within this time.</summary>
    public const long RecentMs = 20;

    public static readonly ReportHold None = new(long.MinValue / 2, null);

    /// <param name="isDue">Whether all queued reports are to be sent now.</param>
    public ReportHold Look(QueuedReports queued, long now, out bool isDue)
    {
        var endedAt = queued.HasFlag(QueuedReports.Ends) ? now : EndedAt;
        var mayWait = queued == QueuedReports.Starts && now - endedAt < RecentMs;
        var until = Until ?? now + HoldMs;
        isDue = queued != QueuedReports.None && !(mayWait && now < until);
        return new(endedAt, mayWait && !isDue ? until : null);
    }
}
