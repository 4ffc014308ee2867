using System.Globalization;

namespace JobCloud.Protocol.Text;

/// <summary>Parses whole numbers.</summary>
public static class Numbers
{
    /// <summary>Parses a whole number of at least <paramref name="least"/>.</summary>
    public static Parsed<int> Parse(string text, int least = int.MinValue)
    {
        var style = NumberStyles.AllowLeadingSign;
        if (
            int.TryParse(text, style, CultureInfo.InvariantCulture, out var number)
            && number >= least
        )
            return number;
        var message =
            least == int.MinValue
                ? $"'{text}' is not a whole number."
                : $"'{text}' is not a whole number of at least {least}.";
        return new TextError(0, text.Length, message);
    }
}
