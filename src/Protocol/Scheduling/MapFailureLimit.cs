namespace JobCloud.Protocol.Scheduling;

/// <summary>Kills the unfinished jobs of maps that reached their max fails.</summary>
internal static class MapFailureLimit
{
    /// <summary>Kills to request, or to request again after a while.</summary>
    public static List<MapKill> Take(Ledger ledger, SchedulingLimits limits, long now)
    {
        var kills = new List<MapKill>();
        foreach (var map in ledger.Maps)
        {
            if (!map.ReachedMaxFails || (map.KilledAt > 0 && now - map.KilledAt < limits.Confirm))
                continue;
            map.KilledAt = Math.Max(1, now);
            kills.AddRange(
                from segment in ledger.Queue.Segments.Union(ledger.Attempts.Segments).Order()
                let jobs = Unfinished(ledger, segment, map)
                where jobs.Count > 0
                select new MapKill(segment, map.SubmissionFirst, map.MaxFails, jobs)
            );
        }
        return kills;
    }

    public static long? Next(Ledger ledger, SchedulingLimits limits)
    {
        long? next = null;
        foreach (var map in ledger.Maps)
            if (map.ReachedMaxFails && (next is null || map.KilledAt + limits.Confirm < next))
                next = map.KilledAt + limits.Confirm;
        return next;
    }

    private static List<JidRange> Unfinished(Ledger ledger, long segment, MapAccount map)
    {
        var queued = ledger
            .Queue.In(segment)
            .Where(range => range.Shape.Demand.Map == map)
            .Select(range => new JidRange { First = range.First, Last = range.Last });
        var active = ledger
            .Attempts.In(segment)
            .Where(entry => entry.Attempt.Demand!.Map == map)
            .Select(entry => new JidRange { First = entry.Jid, Last = entry.Jid });
        return [.. queued.Concat(active).OrderBy(range => range.First)];
    }
}
