using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>What kind of value an attribute has, and so its shape in JSON.</summary>
public enum AttributeKind
{
    Text,

    /// <summary>One of <see cref="AttributeValue.Choices"/>.</summary>
    Choice,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Bytes.</summary>
    Size,

    /// <summary>A length of time; in JSON seconds.</summary>
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

/// <summary>Puts one value into a request; null, or what is wrong with the text.</summary>
public delegate TextError? PutValue(SubmitRequest request, string text, ISubmissionSource from);

/// <summary>What is wrong with a value in a request that may come from anywhere.</summary>
/// <param name="what">The attribute, in a sentence.</param>
public delegate IEnumerable<Refusal> CheckValue(
    string what,
    SubmitRequest request,
    SubmissionLimits limits
);

/// <summary>Where an attribute stands in a request, and how it is written.</summary>
/// <param name="Print">The values of a request, as <paramref name="Put"/> reads them.</param>
public sealed record AttributeValue(
    AttributeKind Kind,
    PutValue Put,
    Func<SubmitRequest, IEnumerable<string>> Print
)
{
    /// <summary>The values to choose from, or to propose.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public CheckValue Check { get; init; } = static (_, _, _) => [];

    public bool IsRepeatable =>
        Kind is AttributeKind.Texts or AttributeKind.Pairs or AttributeKind.Lists;
}
