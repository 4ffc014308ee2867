namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>A part of a stream to fetch.</summary>
/// <param name="Until">The offset after its last byte.</param>
internal readonly record struct OutputPage(long From, long Until)
{
    public long Bytes => Until - From;
}

/// <summary>Decides which part of a long output to fetch as the user scrolls. Only a window of the
/// output is held in memory.</summary>
internal static class OutputPages
{
    /// <summary>The size of a page in bytes.</summary>
    public const int Bytes = 256 * 1024;

    /// <summary>The page to fetch now; null: everything near the screen is loaded.</summary>
    public static OutputPage? Wanted(LineLog log, LogView view)
    {
        if (!view.Follows && view.AboveTop < view.Height && log.From > log.Floor)
            return new(Math.Max(log.Floor, log.From - Bytes), log.From);
        if (log.CutAt is { } cut && view.BelowTop < 2 * view.Height)
            return new(cut, cut + Bytes);
        return null;
    }

    /// <summary>The whole lines of a page; a line cut at the start belongs to the previous
    /// page.</summary>
    public static List<TextLine> Lines(OutputPage page, ReadOnlySpan<byte> data, int lineCharacters)
    {
        var lines = new List<TextLine>();
        var parser = new StreamParser(LineSource.First, lineCharacters, lines.Add);
        var skipped = page.From == 0 ? 0 : data.IndexOf((byte)'\n') + 1;
        // A line longer than a page is shown from the start of the page.
        if (skipped == data.Length)
            skipped = 0;
        parser.MoveTo(page.From + skipped);
        parser.Append(data[skipped..]);
        parser.MoveTo(page.Until);
        return lines;
    }
}
