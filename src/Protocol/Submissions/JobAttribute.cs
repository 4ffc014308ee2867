using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>The kinds of submissions that accept an attribute.</summary>
public enum AttributeScope
{
    /// <summary>All submissions.</summary>
    Job,

    /// <summary>Submissions with a command: all except shell jobs.</summary>
    Command,

    /// <summary>Only shell jobs.</summary>
    Shell,

    /// <summary>Only maps.</summary>
    Map,

    /// <summary>Only maps, and it defines their elements.</summary>
    Elements,

    /// <summary>All submissions, but it concerns the submission and not the job.</summary>
    Submission,
}

/// <summary>A property that a user can set for a job. Options, members of JSON objects, form fields
/// and all texts derive from it.</summary>
/// <param name="Usage">The usage in help: <c>-m, --max-runtime TIME</c>.</param>
/// <param name="Help">One line, without the default and without a full stop.</param>
/// <param name="Default">The default, if the empty request does not contain it.</param>
/// <param name="Label">The label in a form, at most 16 characters; empty: from the name.</param>
/// <param name="Opposite">The opposite under which info shows a flag; empty: none.</param>
public sealed record JobAttribute(
    string Usage,
    string Help,
    AttributeValue Value,
    string Default = "",
    string Label = "",
    string Opposite = ""
)
{
    /// <summary>The text of a flag that is set.</summary>
    public const string On = "true";

    /// <summary>The text of a flag that is not set.</summary>
    public const string Off = "false";

    /// <summary>The long option without its dashes: <c>max-runtime</c>.</summary>
    public string Name { get; } = NameIn(Usage);

    /// <summary>The short option, <c>-m</c>; empty: none.</summary>
    public string Alias { get; } = Word(Usage, word => word is ['-', not '-']);

    /// <summary>The placeholder of the value in help; empty: a flag.</summary>
    public string Placeholder { get; } = Word(Usage, word => word[0] != '-');

    /// <summary>The label in a form.</summary>
    public string Label { get; init; } = Label.Length > 0 ? Label : InWords(NameIn(Usage));

    public AttributeScope Scope { get; init; }

    /// <summary>What its values are names of; unspecified: of nothing the cloud keeps.</summary>
    public DefinitionKind NamesOf { get; init; }

    public AttributeKind Kind => Value.Kind;

    /// <summary>The long option: <c>--max-runtime</c>.</summary>
    public string Option => $"--{Name}";

    /// <summary>The member of a JSON object: <c>max_runtime</c>.</summary>
    public string Member => Name.Replace('-', '_');

    /// <summary>Sets one value in a request; an error starts with the attribute's name.</summary>
    /// <param name="called">The name in the client's style.</param>
    public TextError? Read(
        SubmitRequest request,
        string text,
        ISubmissionSource from,
        Func<JobAttribute, string> called
    ) =>
        Value.Put(request, text, from) is { } error
            ? error with
            {
                Message = $"{called(this)}: {error.Message}",
            }
            : null;

    public bool IsFor(SubmissionKind kind) =>
        Scope switch
        {
            AttributeScope.Command => kind != SubmissionKind.Shell,
            AttributeScope.Shell => kind == SubmissionKind.Shell,
            AttributeScope.Map or AttributeScope.Elements => kind == SubmissionKind.Map,
            _ => true,
        };

    /// <summary>The default; empty: none to mention.</summary>
    public string DefaultFor(SubmissionKind kind) =>
        Default.Length > 0 || Kind == AttributeKind.Flag
            ? Default
            : Value.Print(SubmissionDraft.New(kind)).FirstOrDefault("");

    /// <summary>The help of an option.</summary>
    public string HelpFor(SubmissionKind kind)
    {
        var several = Value.IsRepeatable ? "; repeatable" : "";
        var without = DefaultFor(kind) is { Length: > 0 } text ? $" (default {text})" : "";
        return Help + several + without;
    }

    /// <summary>Validates the value in a request from any client.</summary>
    public IEnumerable<Refusal> Check(SubmitRequest request, SubmissionLimits limits) =>
        Value.Check(Label.ToLowerInvariant(), request, limits);

    private static string NameIn(string usage) => Word(usage, word => word is ['-', '-', ..])[2..];

    private static string InWords(string name) =>
        $"{char.ToUpperInvariant(name[0])}{name.Replace('-', ' ')[1..]}";

    private static string Word(string usage, Func<string, bool> isIt) =>
        usage.Split(' ').Select(word => word.TrimEnd(',')).FirstOrDefault(isIt) ?? "";
}
