using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Submissions;

/// <summary>Validates a submission by itself and finds all problems at once.</summary>
public static class SubmissionCheck
{
    /// <summary>All problems, in the order of the request's parts; empty: it is valid.</summary>
    public static IReadOnlyList<Refusal> Check(SubmitRequest request, SubmissionLimits limits)
    {
        if (request.Spec is null)
            request = new SubmitRequest(request) { Spec = new JobSpec() };
        var spec = request.Spec;
        var map = MapProblems(request, limits).ToList();
        var columns = map.Count == 0;
        return
        [
            .. map,
            .. CommandCheck.Problems(request, spec, limits, columns),
            .. FileCheck.Problems(request, spec, limits),
            .. PlaceProblems(request.Place),
            .. JobAttributes.All.SelectMany(attribute => attribute.Check(request, limits)),
        ];
    }

    private static IEnumerable<Refusal> MapProblems(SubmitRequest request, SubmissionLimits limits)
    {
        var count = Math.Max(1, request.Count);
        if (request.Count < 0)
            yield return Usage($"The number of jobs must be at least 1 (got {request.Count}).");
        if (!request.IsMap && (count > 1 || request.Columns.Count > 0))
            yield return Usage(
                "Only a map can have several jobs or lists of values; submit a map."
            );
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

    private static IEnumerable<Refusal> PlaceProblems(SubmissionPlace? place) =>
        place is null
            ? []
            :
            [
                .. AttributeCheck.Directory(place.Directory),
                .. AttributeCheck.Variables(place.Variables),
            ];

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
        return fits ? null : $"The numbers of the parameter '{column.Name}' exceed 64 bits.";
    }

    internal static Refusal Usage(string message) =>
        new() { Code = RefusalCode.Usage, Message = message };

    internal static Refusal TooLarge(string message) =>
        new() { Code = RefusalCode.TooLarge, Message = message };
}
