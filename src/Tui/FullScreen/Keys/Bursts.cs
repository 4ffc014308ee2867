namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Finds pastes that the terminal does not mark: characters that arrive together, faster
/// than anyone types. They must not act as keys, so they are marked as a paste (bracketed paste of
/// xterm).</summary>
internal sealed class Bursts
{
    private const string Begin = "\e[200~";
    private const string End = "\e[201~";

    // Two keys pressed at once, or a key that repeats while the program was busy, are no paste.
    private const int Least = 4;
    private const long GoesOnForMs = 100;

    private long _until = long.MinValue;

    /// <summary>What to handle in place of characters that were read together.</summary>
    /// <param name="nowMs">The time, in milliseconds.</param>
    public IEnumerable<char> Mark(char[] read, long nowMs)
    {
        if (read.Length == 0 || !Array.TrueForAll(read, IsText))
            return read;
        var isPaste =
            nowMs < _until
            || (read.Length >= Least && Array.Exists(read, character => character != read[0]));
        if (!isPaste)
            return read;
        _until = nowMs + GoesOnForMs;
        return [.. Begin, .. read, .. End];
    }

    private static bool IsText(char character) =>
        !char.IsControl(character) || character is '\r' or '\n' or '\t';
}
