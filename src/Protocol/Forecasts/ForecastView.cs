using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Forecasts;

/// <summary>Makes the scheduler's forecast one for a user.</summary>
public static class ForecastView
{
    /// <summary>Characters of a command.</summary>
    private const int MaxCommand = 200;

    /// <summary>Adds what the rows of the submissions tell, and moves all instants to the wall
    /// clock.</summary>
    /// <param name="rows">The row of each unfinished submission by its first jid.</param>
    public static void Complete(
        ForecastReply reply,
        IReadOnlyDictionary<long, JobRow> rows,
        KnownRuntimes known,
        long wall
    )
    {
        var samples = new Dictionary<IReadOnlyList<long>, int>(ReferenceEqualityComparer.Instance);
        foreach (var row in rows.Values)
        {
            reply.Waiting += row.Counts.ElementAtOrDefault((int)Status.Waiting);
            if (known.Of(row) is { Sorted: { Count: > 0 } sorted })
                samples[sorted] = sorted.Count;
        }
        reply.Samples = samples.Values.Sum();
        var all = reply.Jobs.ToList();
        // The index does not know them yet.
        all.RemoveAll(jobs => !rows.ContainsKey(jobs.First));
        reply.Jobs.Clear();
        reply.Jobs.Add(all);
        foreach (var jobs in all)
        {
            var row = rows[jobs.First];
            var sample = known.Of(row);
            (jobs.Basis, jobs.Samples) = (sample.Basis, sample.Sorted.Count);
            (jobs.Label, jobs.Owner) = (row.Label, row.Owner);
            jobs.Command = row.Command[..Math.Min(MaxCommand, row.Command.Length)];
        }
        Shift(reply, wall - reply.At);
    }

    /// <summary>The part for a user who sees only their own jobs: of others it tells that they run,
    /// and how many are queued.</summary>
    /// <param name="ownerOf">The owner of a job; null: unknown.</param>
    public static ForecastReply For(ForecastReply reply, string user, Func<long, string?> ownerOf)
    {
        var own = reply.Clone();
        foreach (var bar in own.Bars)
            if (ownerOf(bar.First) != user)
                (bar.First, bar.Last) = (0, 0);
        own.Jobs.Clear();
        own.Jobs.Add(reply.Jobs.Where(jobs => jobs.Owner == user));
        return own;
    }

    private static void Shift(ForecastReply reply, long by)
    {
        reply.At += by;
        (reply.EmptyAt, reply.EndsAt) = (At(reply.EmptyAt), At(reply.EndsAt));
        reply.StartsAt = At(reply.StartsAt);
        foreach (var bar in reply.Bars)
            (bar.From, bar.To) = (At(bar.From), At(bar.To));
        foreach (var jobs in reply.Jobs)
        {
            (jobs.StartsFrom, jobs.StartsUntil) = (At(jobs.StartsFrom), At(jobs.StartsUntil));
            jobs.EndsAt = At(jobs.EndsAt);
        }

        long At(long instant) => instant == 0 ? 0 : instant + by;
    }
}
