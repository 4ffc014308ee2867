namespace JobCloud.Chaos;

/// <summary>An acknowledged submission and its final state.</summary>
/// <param name="Status">Its status in the cloud at the end; null: unknown job.</param>
/// <param name="Attempt">The number of its last attempt, according to the cloud.</param>
/// <param name="Lines">The lines that its attempts wrote, in the order written.</param>
public sealed record JobOutcome(
    string RequestId,
    long Jid,
    bool Restartable,
    Status? Status,
    int Attempt,
    IReadOnlyList<TraceLine> Lines
);

/// <summary>A violated guarantee.</summary>
public sealed record Violation(long Jid, string What);

/// <summary>Compares the state reported by a cloud with what its jobs did.</summary>
public static class Checker
{
    /// <param name="answer">The final states; null: no node answers.</param>
    /// <param name="leftovers">Processes that are left.</param>
    /// <param name="away">Nodes that did not come back.</param>
    /// <param name="refused">The number of submissions that no node accepted.</param>
    public static IReadOnlyList<Violation> Check(
        IReadOnlyList<JobOutcome>? answer,
        IReadOnlyList<string> leftovers,
        IReadOnlyList<string> away,
        int refused
    )
    {
        var violations = new List<Violation>(Check(answer ?? [], leftovers));
        if (answer is null)
            violations.Add(new(0, "no node answers: what became of the jobs is unknown"));
        violations.AddRange(away.Select(node => new Violation(0, $"node {node} stayed away")));
        if (refused > 0)
            violations.Add(new(0, $"{refused} submissions were never accepted"));
        return violations;
    }

    public static IReadOnlyList<Violation> Check(
        IReadOnlyList<JobOutcome> jobs,
        IReadOnlyList<string> leftovers
    ) =>
        [
            .. jobs.GroupBy(static job => job.Jid)
                .Where(static group => group.Count() > 1)
                .Select(static group => new Violation(
                    group.Key,
                    $"two submissions got this jid: {string.Join(", ", group.Select(j => j.RequestId))}"
                )),
            .. jobs.SelectMany(Check),
            .. leftovers.Select(static process => new Violation(0, $"leftover process: {process}")),
        ];

    private static IEnumerable<Violation> Check(JobOutcome job)
    {
        if (job.Status is not { } status)
        {
            yield return new(job.Jid, "the acknowledged submission is lost");
            yield break;
        }
        if (job.Lines.FirstOrDefault(line => line.Jid != job.Jid) is { } other)
            yield return new(job.Jid, $"submitted twice: it also ran as {other.Jid}");
        if (Overlap(job.Lines) is { } overlap)
            yield return new(job.Jid, overlap);
        var last = job.Lines.Count == 0 ? 0 : job.Lines.Max(static line => line.Attempt);
        if (last > job.Attempt)
            yield return new(
                job.Jid,
                $"attempt {last} ran, but the cloud knows only {job.Attempt}"
            );
        if (StatusViolation(job, status) is { } violation)
            yield return new(job.Jid, violation);
    }

    private static string? StatusViolation(JobOutcome job, Status status)
    {
        var ended = job.Lines.Any(line => line.Attempt == job.Attempt && line.Mark == Mark.End);
        return status switch
        {
            Status.Waiting or Status.Queued or Status.Processing => $"not ended: {status}",
            Status.Done when !ended => $"done, but attempt {job.Attempt} did not finish",
            Status.Error when job.Restartable =>
                $"ended in error, although only nodes failed (attempt {job.Attempt})",
            Status.Done or Status.Error => null,
            _ => $"unexpected final status {status}",
        };
    }

    // An earlier attempt that writes after the start of a later one overlapped with it.
    private static string? Overlap(IReadOnlyList<TraceLine> lines)
    {
        TraceLine? newest = null;
        foreach (var line in lines)
        {
            if (newest is not null && line.Attempt < newest.Attempt)
                return $"attempt {line.Attempt} on {line.Node} ran {line.At - newest.At:F3} s alongside attempt {newest.Attempt} on {newest.Node}";
            if (newest is not null && line.Attempt == newest.Attempt && line.Mark == Mark.Start)
                return $"attempt {line.Attempt} started twice, on {newest.Node} and {line.Node}";
            if (newest is null || line.Attempt > newest.Attempt)
                newest = line;
        }
        return null;
    }
}
