using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>The choice of the submitter's variables that a job gets: <c>all</c>, <c>none</c>, or
/// names with commas, of which those that end with <c>*</c> stand for all that begin so.</summary>
public static class ExportedVariables
{
    public const string All = "all";
    public const string None = "none";

    /// <summary>The variable that replaces <see cref="Default"/> for its user.</summary>
    public const string Setting = "JOBCLOUD_EXPORT";

    /// <summary>THE list of the variables that jobs on the submitter's machine get.</summary>
    public const string Default =
        "PATH,LANG,LC_*,TZ,VIRTUAL_ENV,CONDA_*,PYTHONPATH,LD_LIBRARY_PATH";

    private const char Any = '*';

    /// <summary>Those that describe the submitting process, and no job.</summary>
    private static readonly string[] OfProcess = ["_", "PWD", "OLDPWD", "SHLVL"];
    private const string OwnPrefix = "JOBCLOUD_";

    /// <summary>Returns the variables that a choice names and that are set.</summary>
    public static Parsed<List<Variable>> Choose(string choice, ISubmissionSource from)
    {
        if (Problem(choice) is { } problem)
            return problem;
        var chosen = new List<Variable>();
        if (choice == None)
            return chosen;
        foreach (var pattern in choice == All ? [$"{Any}"] : choice.Split(','))
        {
            if (pattern.EndsWith(Any))
                AddMatching(pattern[..^1], from, chosen);
            else if (from.Variable(pattern) is not { } value)
                continue;
            else if (Utf8Text.MayBeReplaced(value))
                return Error(choice, $"The variable '{pattern}' is not UTF-8 text.");
            else
                Add(pattern, value, chosen);
        }
        return chosen;
    }

    /// <summary>Whether the submitter's language and time zone are among the variables, so that a
    /// job has no others.</summary>
    public static bool HasLanguage(JobSpec spec) =>
        spec.Exported.Count > 0 && spec.Export is "" or All;

    /// <summary>Whether a variable sets the language or the time zone.</summary>
    public static bool IsLanguage(string name) =>
        name is "LANG" or "LANGUAGE" or "TZ" || name.StartsWith("LC_", StringComparison.Ordinal);

    /// <summary>The error in a choice; null: it is valid.</summary>
    public static TextError? Problem(string choice)
    {
        foreach (var name in choice.Split(','))
        {
            if (name.Length == 0)
                return Error(choice, $"'{choice}' contains an empty name.");
            if (
                name.AsSpan().IndexOfAny('=', '\0', ' ') >= 0
                || name.IndexOf(Any) is >= 0 and var at && at < name.Length - 1
            )
                return Error(
                    choice,
                    $"'{name}' is not a variable name; write all, none, or names with commas, such as PATH,LC_*."
                );
        }
        return null;
    }

    private static void AddMatching(string prefix, ISubmissionSource from, List<Variable> chosen)
    {
        foreach (var name in from.VariableNames.Order(StringComparer.Ordinal))
        {
            if (
                name.StartsWith(prefix, StringComparison.Ordinal)
                && !OfProcess.Contains(name)
                && !name.StartsWith(OwnPrefix, StringComparison.Ordinal)
                && from.Variable(name) is { } value
                && !Utf8Text.MayBeReplaced(value)
            )
                Add(name, value, chosen);
        }
    }

    private static void Add(string name, string value, List<Variable> chosen)
    {
        if (!chosen.Exists(variable => variable.Name == name))
            chosen.Add(new() { Name = name, Value = value });
    }

    private static TextError Error(string choice, string message) => new(0, choice.Length, message);
}
