using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>Which submissions take an attribute.</summary>
public enum AttributeScope
{
    /// <summary>Each one.</summary>
    Job,

    /// <summary>Those of a command: all but shell jobs.</summary>
    Command,

    /// <summary>Shell jobs alone.</summary>
    Shell,

    /// <summary>Maps alone.</summary>
    Map,

    /// <summary>Maps alone, and it says what their elements are.</summary>
    Elements,

    /// <summary>Each one, but it says how to submit and nothing of the job.</summary>
    Submission,
}

/// <summary>A property that a user may give a job. Options, members of JSON objects, fields of
/// forms and all texts derive from it.</summary>
/// <param name="Usage">As help shows it: <c>-m, --max-runtime TIME</c>.</param>
/// <param name="Help">One line, without its default and without a stop.</param>
/// <param name="Default">What holds if none is given, where the empty request cannot say.</param>
/// <param name="Label">In a form, at most 16 characters; empty: the name in words.</param>
/// <param name="Opposite">A flag's opposite, under whose name info shows it; empty: none.</param>
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

    /// <summary>Stands for the value in help; empty: a flag.</summary>
    public string Placeholder { get; } = Word(Usage, word => word[0] != '-');

    /// <summary>In a form.</summary>
    public string Label { get; init; } = Label.Length > 0 ? Label : InWords(NameIn(Usage));

    public AttributeScope Scope { get; init; }

    public AttributeKind Kind => Value.Kind;

    /// <summary>The long option: <c>--max-runtime</c>.</summary>
    public string Option => $"--{Name}";

    /// <summary>The member of a JSON object: <c>max_runtime</c>.</summary>
    public string Member => Name.Replace('-', '_');

    /// <summary>Puts one value into a request; an error begins with the attribute's name.</summary>
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

    /// <summary>What holds where none is given; empty: nothing to mention.</summary>
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

    /// <summary>What is wrong with the value in a request that may come from anywhere.</summary>
    public IEnumerable<Refusal> Check(SubmitRequest request, SubmissionLimits limits) =>
        Value.Check(Label.ToLowerInvariant(), request, limits);

    private static string NameIn(string usage) => Word(usage, word => word is ['-', '-', ..])[2..];

    private static string InWords(string name) =>
        $"{char.ToUpperInvariant(name[0])}{name.Replace('-', ' ')[1..]}";

    private static string Word(string usage, Func<string, bool> isIt) =>
        usage.Split(' ').Select(word => word.TrimEnd(',')).FirstOrDefault(isIt) ?? "";
}
