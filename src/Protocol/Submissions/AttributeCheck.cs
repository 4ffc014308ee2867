using JobCloud.Protocol.Api;
using JobCloud.Protocol.Ports;
using static JobCloud.Protocol.Submissions.SubmissionCheck;

namespace JobCloud.Protocol.Submissions;

/// <summary>Validates attribute values of requests from any client.</summary>
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
            yield return Usage($"The {what} contains a control character; remove it.");
    }

    public static IEnumerable<Refusal> Path(string path) =>
        path.Contains('\0') ? [Usage("A path contains a NUL character; remove it.")] : [];

    public static IEnumerable<Refusal> Directory(string path) =>
        path.Length > 0 && path[0] != '/'
            ?
            [
                Usage($"The working directory '{path}' is not absolute; start it with /."),
                .. Path(path),
            ]
            : Path(path);

    public static IEnumerable<Refusal> Fresh(JobSpec spec) =>
        spec.Fresh && spec.WorkingDirectory.Length > 0
            ? [Usage("A working directory and --fresh are mutually exclusive; use one.")]
            : [];

    /// <param name="most">Null: no upper limit.</param>
    public static IEnumerable<Refusal> Number(string what, int number, int least, int? most)
    {
        if (number >= least && !(number > most))
            return [];
        var subject = $"{char.ToUpperInvariant(what[0])}{what[1..]}";
        var range = most is null ? $"at least {least}" : $"between {least} and {most}";
        return [Usage($"{subject} must be {range} (got {number}).")];
    }

    public static IEnumerable<Refusal> NotNegative(string what, long number) =>
        number < 0 ? [Usage($"The {what} cannot be negative; give 0 or more.")] : [];

    public static IEnumerable<Refusal> Memory(string what, long bytes) =>
        MemoryText.Problem(bytes) is { } problem
            ? [Usage($"The {what} {problem}; use a unit, such as 500M.")]
            : [];

    public static IEnumerable<Refusal> MapLimit(string what, int number, bool isMap) =>
        number != 0 && !isMap
            ? [Usage($"Only maps support {what}; omit it.")]
            : NotNegative(what, number);

    public static IEnumerable<Refusal> CoreType(string name, SubmissionLimits limits)
    {
        if (name.Length == 0 || limits.CoreTypes.Find(name) is not null)
            return [];
        var known = string.Join(", ", limits.CoreTypes.All.Select(type => type.Name));
        return [Usage($"Unknown core type '{name}'; use one of {known}.")];
    }

    public static IEnumerable<Refusal> Volumes(
        IReadOnlyCollection<string> names,
        SubmissionLimits limits
    )
    {
        foreach (var problem in names.SelectMany(name => Name("volume", name, limits)))
            yield return problem;
        if (names.Contains(""))
            yield return Usage("A volume name is empty; give a name or omit it.");
    }

    public static IEnumerable<Refusal> Variables(IReadOnlyCollection<Variable> variables)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            if (variable.Name.Length == 0 || variable.Name.AsSpan().ContainsAny('=', '\0'))
                yield return Usage($"'{variable.Name}' is not a valid variable name.");
            else if (!names.Add(variable.Name))
                yield return Usage($"The variable '{variable.Name}' is set twice; set it once.");
            if (variable.Value.Contains('\0'))
                yield return Usage(
                    $"The variable '{variable.Name}' contains a NUL character; remove it."
                );
        }
    }

    public static IEnumerable<Refusal> PublishedPorts(JobSpec spec)
    {
        var ports = spec.PublishedPorts;
        if (ports.Count > 0 && !spec.IsolateNetwork)
            yield return Usage(
                "Only ports of a private network are published; add --isolate network, or omit --publish."
            );
        if (ports.Count > Ports.PublishedPorts.Max)
            yield return TooLarge(
                $"{ports.Count} ports are published; give at most {Ports.PublishedPorts.Max}."
            );
        foreach (var port in ports)
        {
            if (port.Port is < 1 or > PortRange.Highest)
                yield return Usage(
                    $"{port.Port} is not a port; use a number from 1 to {PortRange.Highest}."
                );
        }
        if (ports.Distinct().Count() < ports.Count)
            yield return Usage("A port is published twice; publish it once.");
    }

    public static IEnumerable<Refusal> Dependencies(SubmitRequest request)
    {
        if (request.Spec.DependsOn.Count > 0)
            yield return Usage("Dependencies belong in the request, not in the job's spec.");
        foreach (var item in request.Dependencies?.Items ?? [])
        {
            if (item.Range is { } range && (range.First < 1 || range.Last < range.First))
                yield return Usage(
                    $"The dependency {range.First}-{range.Last} is not a valid jid range."
                );
            else if (item.ItemCase == SelectionItem.ItemOneofCase.None)
                yield return Usage("A dependency names no jobs; give jids.");
        }
    }
}
