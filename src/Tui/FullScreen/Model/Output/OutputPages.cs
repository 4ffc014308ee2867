namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>A part of a stream to be fetched.</summary>
/// <param name="Until">Offset after its last byte.</param>
internal readonly record struct OutputPage(long From, long Until)
{
    public long Bytes => Until - From;
}

/// <summary>Which part of a long output is to be fetched when it is scrolled to. Only a window of
/// it is ever held.</summary>
internal static class OutputPages
{
    /// <summary>Bytes fetched at once.</summary>
    public const int Bytes = 256 * 1024;

    /// <summary>What to fetch now; null: all that may soon be on the screen is there.</summary>
    public static OutputPage? Wanted(LineLog log, LogView view)
    {
        if (!view.Follows && view.AboveTop < view.Height && log.From > log.Floor)
            return new(Math.Max(log.Floor, log.From - Bytes), log.From);
        if (log.CutAt is { } cut && view.BelowTop < 2 * view.Height)
            return new(cut, cut + Bytes);
        return null;
    }

    /// <summary>The whole lines of a page; a first one that the page cuts is left to the page
    /// before.</summary>
    public static List<TextLine> Lines(OutputPage page, ReadOnlySpan<byte> data, int lineCharacters)
    {
        var lines = new List<TextLine>();
        var parser = new StreamParser(LineSource.First, lineCharacters, lines.Add);
        var skipped = page.From == 0 ? 0 : data.IndexOf((byte)'\n') + 1;
        // A line longer than a page is shown from where the page begins.
        if (skipped == data.Length)
            skipped = 0;
        parser.MoveTo(page.From + skipped);
        parser.Append(data[skipped..]);
        parser.MoveTo(page.Until);
        return lines;
    }
}
