namespace JobCloud.Chaos;

/// <summary>Prints the result of a run.</summary>
public static class Report
{
    public static void Write(ChaosResult result, TextWriter to)
    {
        var attempts = result.Jobs.Sum(static job => job.Attempt);
        to.WriteLine($"{result.Jobs.Count} jobs acknowledged, {attempts} attempts");
        foreach (var group in result.Jobs.GroupBy(static job => job.Status))
            to.WriteLine($"  {group.Key}: {group.Count()}");
        foreach (var (reason, count) in result.Refusals.OrderByDescending(pair => pair.Value))
            to.WriteLine($"  refused {count} times: {reason}");
        to.WriteLine(
            result.Settled is { } took
                ? $"all jobs ended within {took.TotalSeconds:F1} s of the last repair"
                : "not all jobs ended"
        );
        foreach (var violation in result.Violations)
        {
            to.WriteLine($"VIOLATION, job {violation.Jid}: {violation.What}");
            foreach (var job in result.Jobs.Where(job => job.Jid == violation.Jid))
            foreach (var line in Describe(job))
                to.WriteLine($"    {line}");
        }
        to.WriteLine(
            result.Violations.Count == 0 ? "no violations" : $"{result.Violations.Count} violations"
        );
    }

    private static IEnumerable<string> Describe(JobOutcome job)
    {
        yield return $"{job.RequestId}: {job.Status}, attempt {job.Attempt}";
        foreach (var attempt in job.Lines.GroupBy(static line => (line.Attempt, line.Node)))
        {
            var (first, last) = (attempt.First(), attempt.Last());
            yield return $"attempt {attempt.Key.Attempt} on {attempt.Key.Node}: {first.Mark} {first.At:F3} to {last.Mark} {last.At:F3}";
        }
    }
}
