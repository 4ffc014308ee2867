using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>The type of an attribute's value, which determines its form in JSON.</summary>
public enum AttributeKind
{
    Text,

    /// <summary>One of <see cref="AttributeValue.Choices"/>.</summary>
    Choice,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Bytes.</summary>
    Size,

    /// <summary>A duration; in JSON seconds.</summary>
    Duration,

    /// <summary>On or off.</summary>
    Flag,

    /// <summary>The name of a file that is sent along; only its content is kept.</summary>
    File,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>Texts of the form <c>KEY=VALUE</c>; in JSON an object of texts.</summary>
    Pairs,

    /// <summary>Texts of the form <c>KEY=V1,V2</c>; in JSON an object of lists.</summary>
    Lists,
}

/// <summary>Sets one value in a request; returns the error of an invalid text.</summary>
public delegate TextError? SetValue(SubmitRequest request, string text, ISubmissionSource from);

/// <summary>Sets a content that a request holds or names, instead of a file of the client; returns
/// the error of one that does not fit.</summary>
/// <param name="parameter">The name of the parameter; empty: the attribute has none.</param>
public delegate TextError? SetContent(
    SubmitRequest request,
    string parameter,
    NamedContent content
);

/// <summary>Validates a value in a request from any client.</summary>
/// <param name="what">The name of the attribute, for messages.</param>
public delegate IEnumerable<Refusal> CheckValue(
    string what,
    SubmitRequest request,
    SubmissionLimits limits
);

/// <summary>Access to an attribute's value in a request, as text.</summary>
/// <param name="Print">The values of a request, as <paramref name="Put"/> parses them.</param>
public sealed record AttributeValue(
    AttributeKind Kind,
    SetValue Put,
    Func<SubmitRequest, IEnumerable<string>> Print
)
{
    /// <summary>The allowed values, or suggestions.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Returns the values of a request as they are, without the signs that only
    /// <see cref="Put"/> needs; null: as <see cref="Print"/> does.</summary>
    public Func<SubmitRequest, IEnumerable<string>>? Show { get; init; }

    /// <summary>Sets a content; null: the attribute has no contents.</summary>
    public SetContent? PutContent { get; init; }

    public CheckValue Check { get; init; } = static (_, _, _) => [];

    public bool IsRepeatable =>
        Kind is AttributeKind.Texts or AttributeKind.Pairs or AttributeKind.Lists;
}
