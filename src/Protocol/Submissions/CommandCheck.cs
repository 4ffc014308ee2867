using System.Text;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using static JobCloud.Protocol.Submissions.SubmissionCheck;

namespace JobCloud.Protocol.Submissions;

/// <summary>Checks that a command and its parameters match, and that the kernel accepts
/// them.</summary>
internal static class CommandCheck
{
    /// <param name="columns">Whether the columns are valid, so that elements can be
    /// computed.</param>
    public static IEnumerable<Refusal> Problems(
        SubmitRequest request,
        JobSpec spec,
        SubmissionLimits limits,
        bool columns
    )
    {
        if (spec.ShellJob is not null)
            return ShellProblems(request, spec);
        if (string.IsNullOrWhiteSpace(spec.Command))
            return [Usage("The command is empty; give a command to run.")];
        if (spec.Command.Contains('\0'))
            return [Usage("The command contains a NUL character; remove it.")];
        if (spec.Argv && ShellWords.Split(spec.Command) is { Ok: false, Error: var error })
            return [Usage(error.Message)];
        if (spec.Data.Count == 0 && request.Columns.Count == 0)
            return Encoding.UTF8.GetByteCount(spec.Command) <= limits.CommandBytes
                ? []
                : [TooLong(limits)];
        var template = CommandTemplate.Parse(spec);
        if (!template.Ok)
            return [Usage(template.Error.Message)];
        var problems = ParameterProblems(request, spec, template.Value).ToList();
        if (problems.Count == 0 && columns && IsTooLong(request, spec, template.Value, limits))
            problems.Add(TooLong(limits));
        return problems;
    }

    private static IEnumerable<Refusal> ShellProblems(SubmitRequest request, JobSpec spec)
    {
        if (spec.Command.Length > 0 || spec.Data.Count > 0)
            yield return Usage("A shell job takes no command; type it in the shell.");
        if (request.IsMap)
            yield return Usage("A shell job cannot be a map; submit a single job.");
        if (spec.ShellJob.IdleMs < 0)
            yield return Usage("The idle limit of a shell job cannot be negative.");
    }

    private static IEnumerable<Refusal> ParameterProblems(
        SubmitRequest request,
        JobSpec spec,
        CommandTemplate template
    )
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        var names = spec.Data.Select(p => p.Name).Concat(request.Columns.Select(c => c.Name));
        foreach (var name in names)
        {
            if (!CommandTemplate.IsName(name))
                yield return Usage(
                    $"'{name}' is not a valid parameter name; use letters, digits and _."
                );
            else if (!given.Add(name))
                yield return Usage($"The parameter '{name}' is given twice; give it once.");
            else if (!template.Parameters.Contains(name))
                yield return Usage($"The command has no parameter '{{{name}}}'; remove its value.");
        }
        foreach (var name in template.Parameters.Where(name => !given.Contains(name)))
        {
            yield return Usage(
                $"The parameter '{{{name}}}' has no value; give one with --data {name}=VALUE, "
                    + @"or write \{ for a brace."
            );
        }
        foreach (var parameter in spec.Data)
        {
            if (parameter.Value.Length == 0)
                yield return Usage($"The parameter '{parameter.Name}' is empty; give it a value.");
            else if (parameter.Value.Contains('\0'))
                yield return NulIn(parameter.Name);
        }
        foreach (var column in request.Columns)
        {
            if (column.List is { } list && list.Values.Any(value => value.Contains('\0')))
                yield return NulIn(column.Name);
        }
    }

    // The longest values of all columns bound every element. Only if that bound is too long, each
    // element is checked by itself.
    private static bool IsTooLong(
        SubmitRequest request,
        JobSpec spec,
        CommandTemplate template,
        SubmissionLimits limits
    )
    {
        var bytes = spec.Data.ToDictionary(
            p => p.Name,
            p => (long)Encoding.UTF8.GetByteCount(p.Value)
        );
        foreach (var column in request.Columns)
            bytes[column.Name] = Longest(column);
        if (template.BoundLength(name => bytes[name]) <= limits.CommandBytes)
            return false;
        if (request.Columns.Count == 0)
            return true;
        var period = request.Columns.Max(MapColumns.Length);
        for (var element = 0L; element < period; element++)
        {
            foreach (var column in request.Columns)
                bytes[column.Name] = Encoding.UTF8.GetByteCount(MapColumns.Value(column, element));
            if (template.BoundLength(name => bytes[name]) > limits.CommandBytes)
                return true;
        }
        return false;
    }

    private static long Longest(MapColumn column) =>
        column.List is { } list
            ? list.Values.Max(Encoding.UTF8.GetByteCount)
            : long.MinValue.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;

    private static Refusal TooLong(SubmissionLimits limits) =>
        TooLarge(
            $"The command is longer than {limits.CommandBytes} bytes, the limit of the system; "
                + "put it in a script and send it with --data script=@FILE."
        );

    private static Refusal NulIn(string parameter) =>
        Usage($"The parameter '{parameter}' contains a NUL character; remove it.");
}
