namespace JobCloud.Protocol.Terminals;

/// <summary>What the user typed after a line's start: <c>~.</c> breaks the connection off and
/// <c>~~</c> is one <c>~</c>, as in ssh(1), ESCAPE CHARACTERS. All else passes.</summary>
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

    /// <summary>The most bytes that <paramref name="typed"/> bytes can become: an escape that was
    /// held back comes first.</summary>
    public static int MostOf(int typed) => typed + 1;

    /// <summary>Copies what is to be sent; true: break off, after it.</summary>
    /// <param name="to">Has room for <see cref="MostOf"/>.</param>
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
