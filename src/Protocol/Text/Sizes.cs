using System.Globalization;

namespace JobCloud.Protocol.Text;

/// <summary>Parses and formats sizes in bytes; units are powers of 1,024.</summary>
public static class Sizes
{
    private const string Units = "KMGTPE";

    /// <summary>Parses <c>512M</c>, <c>2GiB</c>, <c>1.5G</c>, <c>300MB</c> or plain bytes; 0 or
    /// more.</summary>
    public static Parsed<long> Parse(string text)
    {
        var number = 0;
        while (number < text.Length && (char.IsAsciiDigit(text[number]) || text[number] == '.'))
            number++;
        var factor = FactorOf(text[number..].TrimStart(' ').ToUpperInvariant());
        if (
            factor is null
            || !decimal.TryParse(
                text.AsSpan(0, number),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var count
            )
        )
        {
            var message = $"'{text}' is not a size; use one such as 512M, 1.5G or 2GiB.";
            return new TextError(0, text.Length, message);
        }
        return count <= long.MaxValue / (decimal)factor
            ? (long)(count * factor.Value)
            : new TextError(0, text.Length, $"'{text}' is too large.");
    }

    /// <summary>Formats for tables, in five columns: <c>1.5G</c>, <c>300M</c>, <c>17</c>.</summary>
    public static string Short(long bytes)
    {
        var value = (decimal)Math.Max(0, bytes);
        var unit = -1;
        for (; unit + 1 < Units.Length && Math.Round(value) >= 1024; unit++)
            value /= 1024;
        var digits = value.ToString(value < 100 ? "0.#" : "0", CultureInfo.InvariantCulture);
        return unit < 0 ? digits : digits + Units[unit];
    }

    /// <summary>Formats for sentences: <c>1.5 GiB</c>, <c>300 MiB</c>, <c>17 B</c>; rounded to a
    /// tenth.</summary>
    public static string Print(long bytes)
    {
        var value = (decimal)Math.Max(0, bytes);
        var unit = -1;
        while (unit + 1 < Units.Length && Math.Round(value, 1) >= 1024)
        {
            value /= 1024;
            unit++;
        }
        var rounded = Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);
        return unit < 0 ? $"{rounded} B" : $"{rounded} {Units[unit]}iB";
    }

    /// <summary>Formats exactly, so that parsing restores it: <c>300M</c>, <c>1537K</c>,
    /// <c>17</c>.</summary>
    public static string Exact(long bytes)
    {
        var unit = -1;
        for (; bytes != 0 && bytes % 1024 == 0 && unit + 1 < Units.Length; unit++)
            bytes /= 1024;
        var digits = bytes.ToString(CultureInfo.InvariantCulture);
        return unit < 0 ? digits : digits + Units[unit];
    }

    private static long? FactorOf(string unit)
    {
        if (unit is "" or "B")
            return 1;
        var power = Units.IndexOf(unit[0]) + 1;
        return power > 0 && unit[1..] is "" or "B" or "IB" ? 1L << (10 * power) : null;
    }
}
