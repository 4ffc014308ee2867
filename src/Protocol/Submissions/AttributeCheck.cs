using JobCloud.Protocol.Api;
using static JobCloud.Protocol.Submissions.SubmissionCheck;

namespace JobCloud.Protocol.Submissions;

/// <summary>What is wrong with the value of an attribute, whoever sent it.</summary>
internal static class AttributeCheck
{
    public static IEnumerable<Refusal> Name(string what, string text, SubmissionLimits limits)
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

    public static IEnumerable<Refusal> Path(string path) =>
        path.Contains('\0') ? [Usage("A path holds a NUL character; remove it.")] : [];

    public static IEnumerable<Refusal> Directory(string path) =>
        path.Length > 0 && path[0] != '/'
            ?
            [
                Usage($"The working directory '{path}' is not absolute; begin it with /."),
                .. Path(path),
            ]
            : Path(path);

    /// <param name="most">Null: no upper limit.</param>
    public static IEnumerable<Refusal> Number(string what, int number, int least, int? most)
    {
        if (number >= least && !(number > most))
            return [];
        var range = most is null ? $"{least} or more" : $"{least} to {most}";
        return [Usage($"A job cannot have {number} {what}; give {range}.")];
    }

    public static IEnumerable<Refusal> NotNegative(string what, long number) =>
        number < 0 ? [Usage($"The {what} cannot be negative; give 0 or more.")] : [];

    public static IEnumerable<Refusal> MapLimit(string what, int number, bool isMap) =>
        number != 0 && !isMap
            ? [Usage($"Only a map has {what}; leave it out.")]
            : NotNegative(what, number);

    public static IEnumerable<Refusal> CoreType(string name, SubmissionLimits limits)
    {
        if (limits.CoreTypes.Find(name) is not null)
            return [];
        var known = string.Join(", ", limits.CoreTypes.All.Select(type => type.Name));
        return [Usage($"There is no core type '{name}'; there are {known}.")];
    }

    public static IEnumerable<Refusal> Volumes(
        IReadOnlyCollection<string> names,
        SubmissionLimits limits
    )
    {
        foreach (var problem in names.SelectMany(name => Name("volume", name, limits)))
            yield return problem;
        if (names.Contains(""))
            yield return Usage("A volume has no name; give it one or leave it out.");
    }

    public static IEnumerable<Refusal> Variables(IReadOnlyCollection<Variable> variables)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in variables)
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

    public static IEnumerable<Refusal> Dependencies(SubmitRequest request)
    {
        if (request.Spec.DependsOn.Count > 0)
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
}
