using System.Globalization;

namespace JobCloud.Protocol.Ports;

/// <summary>A range of port numbers, inclusive at both ends.</summary>
public readonly record struct PortRange(int First, int Last)
{
    public const int Highest = 65_535;

    public int Count => Last - First + 1;

    /// <summary>Parses <c>FIRST-LAST</c>; null: invalid.</summary>
    public static PortRange? Parse(string text)
    {
        var ends = text.Split('-');
        return
            ends.Length == 2
            && Read(ends[0]) is { } first
            && Read(ends[1]) is { } last
            && first <= last
            ? new(first, last)
            : null;
    }

    public override string ToString() => string.Create(null, $"{First}-{Last}");

    /// <summary>Parses a port number; null: invalid.</summary>
    public static int? Read(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is > 0 and <= Highest
            ? port
            : null;
}
