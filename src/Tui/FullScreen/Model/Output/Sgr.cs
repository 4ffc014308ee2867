namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>Select Graphic Rendition (ECMA-48, 8.3.117), with the 256 and 24-bit colours of ITU-T
/// T.416 in both notations that terminals accept.</summary>
internal static class Sgr
{
    /// <param name="parameters">The text between <c>ESC [</c> and <c>m</c>.</param>
    public static Pen Apply(Pen pen, ReadOnlySpan<char> parameters)
    {
        Span<int> codes = stackalloc int[32];
        var count = Read(parameters, codes);
        for (var i = 0; i < count; i++)
        {
            if (codes[i] is 38 or 48)
            {
                var colour = Colour(codes[(i + 1)..count], out var taken);
                if (colour is { } known)
                    pen =
                        codes[i] == 38
                            ? pen with
                            {
                                Foreground = known,
                            }
                            : pen with
                            {
                                Background = known,
                            };
                i += taken;
            }
            else
                pen = Apply(pen, codes[i]);
        }
        return pen;
    }

    private static Pen Apply(Pen pen, int code) =>
        code switch
        {
            0 => Pen.Plain,
            1 => pen with { Style = pen.Style | PenStyle.Bold },
            2 => pen with { Style = pen.Style | PenStyle.Faint },
            3 => pen with { Style = pen.Style | PenStyle.Italic },
            4 or 21 => pen with { Style = pen.Style | PenStyle.Underline },
            7 => pen with { Style = pen.Style | PenStyle.Inverse },
            9 => pen with { Style = pen.Style | PenStyle.Strike },
            22 => pen with { Style = pen.Style & ~(PenStyle.Bold | PenStyle.Faint) },
            23 => pen with { Style = pen.Style & ~PenStyle.Italic },
            24 => pen with { Style = pen.Style & ~PenStyle.Underline },
            27 => pen with { Style = pen.Style & ~PenStyle.Inverse },
            29 => pen with { Style = pen.Style & ~PenStyle.Strike },
            >= 30 and <= 37 => pen with { Foreground = code - 30 },
            39 => pen with { Foreground = Colours.Default },
            >= 40 and <= 47 => pen with { Background = code - 40 },
            49 => pen with { Background = Colours.Default },
            >= 90 and <= 97 => pen with { Foreground = code - 90 + 8 },
            >= 100 and <= 107 => pen with { Background = code - 100 + 8 },
            _ => pen,
        };

    // The parameters after 38 or 48: 5;N or 2;R;G;B. Anything else is ignored.
    private static int? Colour(ReadOnlySpan<int> rest, out int taken)
    {
        taken = 0;
        if (rest is [5, var index, ..])
        {
            taken = 2;
            return index <= 255 ? index : null;
        }
        if (rest is [2, var red, var green, var blue, ..])
        {
            taken = 4;
            return red <= 255 && green <= 255 && blue <= 255 ? Colours.Rgb(red, green, blue) : null;
        }
        return null;
    }

    // A missing number is 0; numbers beyond the span are ignored.
    private static int Read(ReadOnlySpan<char> parameters, Span<int> codes)
    {
        var (count, code) = (0, 0);
        foreach (var character in parameters)
        {
            if (char.IsAsciiDigit(character))
                code = Math.Min(code * 10 + character - '0', 9999);
            else if (count < codes.Length - 1)
                (codes[count++], code) = (code, 0);
        }
        codes[count++] = code;
        return count;
    }
}
