using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Http;

/// <summary>The path and query of a request, decoded.</summary>
/// <param name="Path">The segments of the path.</param>
/// <param name="Query">The parameters, in their order.</param>
public sealed record RequestTarget(
    IReadOnlyList<string> Path,
    IReadOnlyList<KeyValuePair<string, string>> Query
)
{
    /// <summary>Parses a request target, such as <c>/v1/jobs/3,7-9?x=1</c>. Segments are decoded
    /// after they are separated, so <c>%2F</c> is a character of its segment.</summary>
    public static RequestTarget Parse(string target)
    {
        var at = target.IndexOf('?');
        var path = at < 0 ? target : target[..at];
        var query = at < 0 ? "" : target[(at + 1)..];
        return new(
            [.. path.TrimStart('/').Split('/').Select(Uri.UnescapeDataString)],
            [.. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair)]
        );
    }

    /// <summary>Checks the parameters against those of a route, and reads them.</summary>
    /// <param name="now">The current time, in µs.</param>
    public Parsed<RouteArguments> Read(HttpRoute route, long now)
    {
        var values = new Dictionary<string, object>();
        foreach (var (name, text) in Query)
        {
            if (route.Query.FirstOrDefault(known => known.Name == name) is not { } parameter)
                return Error(
                    route.Query.Count == 0
                        ? $"Unknown query parameter '{name}': {route.Method} {route.Template} takes none."
                        : $"Unknown query parameter '{name}': {Suggestions.Hint(name, [.. route.Query.Select(static known => known.Name)])}"
                );
            if (values.ContainsKey(name))
                return Error($"The query parameter '{name}' is given twice; give it once.");
            var value = ParameterReader.Read(parameter, text, now);
            if (!value.Ok)
                return Error($"The query parameter '{name}': {value.Error.Message}");
            values[name] = value.Value;
        }
        foreach (var parameter in route.Query)
            if (parameter.IsRequired && !values.ContainsKey(parameter.Name))
                return Error($"Missing query parameter '{parameter.Name}': {parameter.Help}.");
        return new RouteArguments(values);
    }

    private static KeyValuePair<string, string> Pair(string text)
    {
        var at = text.IndexOf('=');
        return at < 0
            ? new(Decoded(text), "")
            : new(Decoded(text[..at]), Decoded(text[(at + 1)..]));
    }

    /// <summary>In a query, a plus is a space, as forms and most clients write it.</summary>
    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static TextError Error(string message) => new(0, 0, message);
}
