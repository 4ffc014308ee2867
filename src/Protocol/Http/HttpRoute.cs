using JobCloud.Protocol.Access;

namespace JobCloud.Protocol.Http;

/// <summary>A route: one method at one path.</summary>
/// <param name="Id">Its name for programs, in camel case.</param>
/// <param name="Call">The call that decides who may use it; null: everyone who has a
/// connection.</param>
/// <param name="Summary">A sentence.</param>
public sealed record HttpRoute(
    string Id,
    string Method,
    RouteTemplate Template,
    Call? Call,
    string Summary
)
{
    public IReadOnlyList<HttpParameter> Query { get; init; } = [];

    /// <summary>The members of the JSON object in the body; none: no such body.</summary>
    public IReadOnlyList<HttpParameter> Body { get; init; } = [];

    /// <summary>Whether the body holds submissions.</summary>
    public bool TakesSubmissions { get; init; }

    /// <summary>Whether the body holds a file, which the handler reads as it comes.</summary>
    public bool TakesBytes { get; init; }

    /// <summary>The status of a successful answer.</summary>
    public int Success { get; init; } = 200;

    /// <summary>The media types of an answer; the first one is the default.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [MediaTypes.Json];

    /// <summary>The documents of a JSON answer, one of which it is.</summary>
    public IReadOnlyList<Type> Documents { get; init; } = [];

    /// <summary>Whether an answer may take as long as jobs do.</summary>
    public bool Waits { get; init; }

    public bool TakesJson => TakesSubmissions || Body.Count > 0;

    public override string ToString() => $"{Method} {Template}";
}
