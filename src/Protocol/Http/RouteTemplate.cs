namespace JobCloud.Protocol.Http;

/// <summary>The path of a route: fixed words and <c>{names}</c>, each one segment.</summary>
public sealed class RouteTemplate
{
    private readonly string[] _segments;

    public RouteTemplate(string text)
    {
        Text = text;
        _segments = text[1..].Split('/');
        Names = [.. _segments.Where(IsName).Select(static segment => segment[1..^1])];
    }

    public string Text { get; }

    /// <summary>The names of the variable segments, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The values of the variable segments; null: the path is another one.</summary>
    /// <param name="path">The decoded segments of a path.</param>
    public IReadOnlyDictionary<string, string>? Match(IReadOnlyList<string> path)
    {
        if (path.Count != _segments.Length)
            return null;
        var values = new Dictionary<string, string>(Names.Count);
        for (var i = 0; i < path.Count; i++)
            if (IsName(_segments[i]))
            {
                if (path[i].Length == 0)
                    return null;
                values[_segments[i][1..^1]] = path[i];
            }
            else if (_segments[i] != path[i])
                return null;
        return values;
    }

    private static bool IsName(string segment) => segment.StartsWith('{');

    public override string ToString() => Text;
}
