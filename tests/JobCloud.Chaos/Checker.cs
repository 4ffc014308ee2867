namespace JobCloud.Chaos;

/// <summary>A submission that was acknowledged, and all that is known of it in the end.</summary>
/// <param name="Status">As the cloud tells it in the end; null: it knows no such job.</param>
/// <param name="Attempt">The number of its last attempt, as the cloud tells it.</param>
/// <param name="Lines">What its attempts wrote, in the order of their writing.</param>
public sealed record JobFate(
    string Token,
    long Jid,
    bool Restartable,
    Status? Status,
    int Attempt,
    IReadOnlyList<TraceLine> Lines
);

/// <summary>Something that must never be.</summary>
public sealed record Violation(long Jid, string What);

/// <summary>Judges what a cloud said against what its jobs did.</summary>
public static class Checker
{
    public static IReadOnlyList<Violation> Judge(
        IReadOnlyList<JobFate> jobs,
        IReadOnlyList<string> leftovers
    ) =>
        [
            .. jobs.GroupBy(static job => job.Jid)
                .Where(static group => group.Count() > 1)
                .Select(static group => new Violation(
                    group.Key,
                    $"two submissions were given this jid: {string.Join(", ", group.Select(j => j.Token))}"
                )),
            .. jobs.SelectMany(Judge),
            .. leftovers.Select(static process => new Violation(0, $"left behind: {process}")),
        ];

    private static IEnumerable<Violation> Judge(JobFate job)
    {
        if (job.Status is not { } status)
        {
            yield return new(job.Jid, "its submission was acknowledged and is lost");
            yield break;
        }
        if (job.Lines.FirstOrDefault(line => line.Jid != job.Jid) is { } other)
            yield return new(job.Jid, $"it was submitted twice: it ran as {other.Jid} too");
        if (Overlap(job.Lines) is { } overlap)
            yield return new(job.Jid, overlap);
        var last = job.Lines.Count == 0 ? 0 : job.Lines.Max(static line => line.Attempt);
        if (last > job.Attempt)
            yield return new(job.Jid, $"attempt {last} ran, the cloud knows of {job.Attempt}");
        if (Trouble(job, status) is { } trouble)
            yield return new(job.Jid, trouble);
    }

    private static string? Trouble(JobFate job, Status status)
    {
        var ended = job.Lines.Any(line => line.Attempt == job.Attempt && line.Mark == Mark.End);
        return status switch
        {
            Status.Waiting or Status.Queued or Status.Processing => $"it has not ended: {status}",
            Status.Done when !ended =>
                $"it is done, but attempt {job.Attempt} never came to its end",
            Status.Error when job.Restartable =>
                $"it ended in error, though nothing but nodes failed (attempt {job.Attempt})",
            Status.Done or Status.Error => null,
            _ => $"it ended {status}, which nobody asked for",
        };
    }

    // An earlier attempt that writes after a later one began was alive beside it.
    private static string? Overlap(IReadOnlyList<TraceLine> lines)
    {
        TraceLine? newest = null;
        foreach (var line in lines)
        {
            if (newest is not null && line.Attempt < newest.Attempt)
                return $"attempt {line.Attempt} on {line.Node} lived {line.At - newest.At:F3} s beside attempt {newest.Attempt} on {newest.Node}";
            if (newest is not null && line.Attempt == newest.Attempt && line.Mark == Mark.Start)
                return $"attempt {line.Attempt} was started twice, on {newest.Node} and {line.Node}";
            if (newest is null || line.Attempt > newest.Attempt)
                newest = line;
        }
        return null;
    }
}
