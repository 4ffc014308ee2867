using System.Globalization;

namespace JobCloud.Protocol.Http;

/// <summary>The one range of a header <c>Range</c>.</summary>
/// <param name="First">The first byte; negative: so many bytes before the end.</param>
/// <param name="Last">The last byte; null: up to the end.</param>
public readonly record struct ByteRange(long First, long? Last)
{
    private const string Unit = "bytes=";

    /// <summary>Parses a header. Returns null if it is absent, malformed, in another unit or of
    /// several ranges: a server may then send everything (RFC 9110, 14.2).</summary>
    public static ByteRange? Parse(string? header)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return null;
        var parts = header[Unit.Length..].Trim().Split('-');
        if (parts.Length != 2)
            return null;
        var (from, to) = (Number(parts[0]), Number(parts[1]));
        if (parts[0].Length == 0)
            return to is > 0 and var count ? new ByteRange(-count, null) : null;
        if (from is not { } first)
            return null;
        if (parts[1].Length == 0)
            return new ByteRange(first, null);
        return to is { } last && last >= first ? new ByteRange(first, last) : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
