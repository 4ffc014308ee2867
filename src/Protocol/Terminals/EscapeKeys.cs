namespace JobCloud.Protocol.Terminals;

/// <summary>Filters escape sequences at the start of a typed line: <c>~.</c> disconnects and
/// <c>~~</c> is one <c>~</c>, as in ssh(1), ESCAPE CHARACTERS. All other input passes.</summary>
public sealed class EscapeKeys
{
    private const byte Escape = (byte)'~';

    private enum Place
    {
        LineStart,
        InLine,
        Escaped,
    }

    private Place _place = Place.LineStart;

    /// <summary>The maximum output of <paramref name="typed"/> bytes: a held-back escape may come
    /// first.</summary>
    public static int MostOf(int typed) => typed + 1;

    /// <summary>Copies the bytes to send; true: disconnect after them.</summary>
    /// <param name="to">A buffer of at least <see cref="MostOf"/> bytes.</param>
    public bool Pass(ReadOnlySpan<byte> typed, Span<byte> to, out int count)
    {
        count = 0;
        foreach (var key in typed)
        {
            if (_place == Place.Escaped)
            {
                if (key == (byte)'.')
                    return true;
                to[count++] = Escape;
                _place = Place.InLine;
                if (key == Escape)
                    continue;
            }
            else if (_place == Place.LineStart && key == Escape)
            {
                _place = Place.Escaped;
                continue;
            }
            to[count++] = key;
            _place = key is (byte)'\r' or (byte)'\n' ? Place.LineStart : Place.InLine;
        }
        return false;
    }
}
