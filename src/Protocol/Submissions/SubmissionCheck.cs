using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;

namespace JobCloud.Protocol.Submissions;

/// <summary>All that can be wrong with a submission by itself, found at once.</summary>
public static class SubmissionCheck
{
    /// <summary>Every problem, in the order of the request's parts; empty: it can be accepted.</summary>
    public static IReadOnlyList<Refusal> Check(SubmitRequest request, SubmissionLimits limits)
    {
        var spec = request.Spec ?? new JobSpec();
        var map = MapProblems(request, spec, limits).ToList();
        var columns = map.Count == 0;
        return
        [
            .. map,
            .. CommandCheck.Problems(request, spec, limits, columns),
            .. FileCheck.Problems(request, spec, limits),
            .. ResourceProblems(spec, limits),
            .. LimitProblems(spec, limits),
            .. NameProblems(request, spec, limits),
            .. VariableProblems(spec),
            .. DependencyProblems(request, spec),
        ];
    }

    private static IEnumerable<Refusal> MapProblems(
        SubmitRequest request,
        JobSpec spec,
        SubmissionLimits limits
    )
    {
        var count = Math.Max(1, request.Count);
        if (request.Count < 0)
            yield return Usage($"A submission of {request.Count} jobs is none; give 1 or more.");
        if (!request.IsMap && (count > 1 || request.Columns.Count > 0))
            yield return Usage("Only a map has several jobs or lists of values; submit a map.");
        if (!request.IsMap && (spec.MaxParallel != 0 || spec.MaxFails != 0))
            yield return Usage("Only a map has max parallel and max fails; leave them out.");
        if (spec.MaxParallel < 0 || spec.MaxFails < 0)
            yield return Usage("Max parallel and max fails cannot be negative; 0 is no limit.");
        if (count > limits.MapSize)
        {
            yield return TooLarge(
                $"A map of {count} jobs is too large; submit at most {limits.MapSize} at once."
            );
        }
        foreach (var column in request.Columns)
        {
            if (ColumnProblem(column, count) is { } problem)
                yield return Usage(problem);
        }
    }

    private static string? ColumnProblem(MapColumn column, long count)
    {
        var length = MapColumns.Length(column);
        if (length < 1)
            return $"The parameter '{column.Name}' has no values; give one for each job.";
        if (count % length != 0)
        {
            return $"The parameter '{column.Name}' has {length} values for {count} jobs; "
                + "give one for each, or a list that repeats evenly.";
        }
        if (column.Sequence is not { } sequence)
            return null;
        var last = sequence.First + (Int128)(length - 1) * sequence.Step;
        var fits =
            sequence.Offset >= 0
            && sequence.Offset < length
            && last >= long.MinValue
            && last <= long.MaxValue;
        return fits
            ? null
            : $"The numbers of the parameter '{column.Name}' cannot be counted so far.";
    }

    private static IEnumerable<Refusal> ResourceProblems(JobSpec spec, SubmissionLimits limits)
    {
        if (spec.Cores < 1)
            yield return Usage($"A job of {spec.Cores} cores cannot run; give it 1 or more.");
        if (spec.MemoryBytes < 0)
            yield return Usage("A job's memory cannot be negative; give a size such as 512M.");
        if (limits.CoreTypes.Find(spec.CoreType) is null)
        {
            var known = string.Join(", ", limits.CoreTypes.All.Select(type => type.Name));
            yield return Usage($"There is no core type '{spec.CoreType}'; there are {known}.");
        }
    }

    private static IEnumerable<Refusal> LimitProblems(JobSpec spec, SubmissionLimits limits)
    {
        if (spec.Retries < 0 || spec.Retries > limits.Retries)
            yield return Usage($"{spec.Retries} retries cannot be; give 0 to {limits.Retries}.");
        if (spec.RetryBackoffMs < 0)
            yield return Usage("The pause before a retry cannot be negative.");
        if (spec.MaxRuntimeMs < 0)
            yield return Usage("The max runtime cannot be negative; 0 is no limit.");
    }

    private static IEnumerable<Refusal> NameProblems(
        SubmitRequest request,
        JobSpec spec,
        SubmissionLimits limits
    )
    {
        var names = new List<(string What, string Text)>
        {
            ("label", spec.Label),
            ("environment", spec.Environment),
            ("request id", request.RequestId),
        };
        names.AddRange(spec.Volumes.Select(volume => ("volume", volume)));
        foreach (var (what, text) in names)
        {
            if (text.Length > limits.NameLength)
            {
                yield return TooLarge(
                    $"The {what} has {text.Length} characters; give at most {limits.NameLength}."
                );
            }
            if (text.Any(char.IsControl))
                yield return Usage($"The {what} holds a control character; remove it.");
        }
        if (spec.Volumes.Any(volume => volume.Length == 0))
            yield return Usage("A volume has no name; give it one or leave it out.");
        if (spec.WorkingDirectory.Length > 0 && spec.WorkingDirectory[0] != '/')
        {
            yield return Usage(
                $"The working directory '{spec.WorkingDirectory}' is not absolute; begin it with /."
            );
        }
        foreach (var path in new[] { spec.WorkingDirectory, spec.ReturnFile, spec.Shell })
        {
            if (path.Contains('\0'))
                yield return Usage("A path holds a NUL character; remove it.");
        }
    }

    private static IEnumerable<Refusal> VariableProblems(JobSpec spec)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in spec.Variables)
        {
            if (variable.Name.Length == 0 || variable.Name.AsSpan().ContainsAny('=', '\0'))
                yield return Usage($"'{variable.Name}' cannot be the name of a variable.");
            else if (!names.Add(variable.Name))
                yield return Usage($"The variable '{variable.Name}' is set twice; set it once.");
            if (variable.Value.Contains('\0'))
                yield return Usage(
                    $"The variable '{variable.Name}' holds a NUL character; remove it."
                );
        }
    }

    private static IEnumerable<Refusal> DependencyProblems(SubmitRequest request, JobSpec spec)
    {
        if (spec.DependsOn.Count > 0)
            yield return Usage("Dependencies belong into the request, not into the job's spec.");
        foreach (var item in request.Dependencies?.Items ?? [])
        {
            if (item.Range is { } range && (range.First < 1 || range.Last < range.First))
                yield return Usage(
                    $"The dependency {range.First}-{range.Last} is not a range of jids."
                );
            else if (item.ItemCase == SelectionItem.ItemOneofCase.None)
                yield return Usage("A dependency names no jobs; give jids.");
        }
    }

    internal static Refusal Usage(string message) =>
        new() { Code = RefusalCode.Usage, Message = message };

    internal static Refusal TooLarge(string message) =>
        new() { Code = RefusalCode.TooLarge, Message = message };
}
