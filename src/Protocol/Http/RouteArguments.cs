namespace JobCloud.Protocol.Http;

/// <summary>The query parameters, or the members of the body, of one request, by name.</summary>
public sealed class RouteArguments(IReadOnlyDictionary<string, object> values)
{
    public string? Text(string name) => values.GetValueOrDefault(name) as string;

    public bool Flag(string name) => values.GetValueOrDefault(name) is true;

    public long? Number(string name) => values.GetValueOrDefault(name) as long?;

    public TimeSpan? Duration(string name) => values.GetValueOrDefault(name) as TimeSpan?;

    /// <summary>In µs since 1970.</summary>
    public long? Instant(string name) => Number(name);

    public IReadOnlyList<string> Texts(string name) =>
        values.GetValueOrDefault(name) as IReadOnlyList<string> ?? [];
}
