using System.Globalization;

namespace JobCloud.Protocol.Http;

/// <summary>Media types of requests and answers.</summary>
public static class MediaTypes
{
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";
    public const string ServerEvents = "text/event-stream";
    public const string Bytes = "application/octet-stream";
    public const string Prometheus = "text/plain";

    /// <summary>Chooses what a client prefers; null: it accepts none of them.</summary>
    /// <param name="accept">The header <c>Accept</c>; empty: everything.</param>
    /// <param name="offered">The first one is preferred.</param>
    public static string? Choose(string? accept, IReadOnlyList<string> offered)
    {
        if (string.IsNullOrWhiteSpace(accept))
            return offered[0];
        var ranges = accept.Split(',').Select(Range).ToList();
        string? best = null;
        var most = 0.0;
        foreach (var type in offered)
        {
            // Of the ranges that match a type, the most specific one counts (RFC 9110, 12.5.1).
            var quality = ranges
                .Where(range => Matches(range.Type, type))
                .OrderByDescending(static range => range.Type.Count(static c => c == '*') == 0)
                .ThenBy(static range => range.Type == "*/*")
                .Select(static range => range.Quality)
                .FirstOrDefault();
            if (quality > most)
                (best, most) = (type, quality);
        }
        return best;
    }

    /// <summary>Whether a header <c>Content-Type</c> names JSON in UTF-8.</summary>
    public static bool IsJson(string? contentType)
    {
        var parts = (contentType ?? "").Split(';', StringSplitOptions.TrimEntries);
        return parts[0].Equals(Json, StringComparison.OrdinalIgnoreCase)
            && parts[1..]
                .All(static part =>
                    !part.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
                    || part[8..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                );
    }

    private static bool Matches(string range, string type) =>
        range == "*/*"
        || range.Equals(type, StringComparison.OrdinalIgnoreCase)
        || (
            range.EndsWith("/*", StringComparison.Ordinal)
            && type.StartsWith(range[..^1], StringComparison.OrdinalIgnoreCase)
        );

    private static (string Type, double Quality) Range(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var quality = 1.0;
        foreach (var part in parts[1..])
            if (
                part.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && double.TryParse(
                    part[2..],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var given
                )
            )
                quality = given;
        return (parts[0], quality);
    }
}
