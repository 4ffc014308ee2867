namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>A search text. The search is case-sensitive only if the text contains an upper-case
/// letter.</summary>
internal sealed record LinePattern(string Text)
{
    private readonly StringComparison _comparison = Text.Any(char.IsUpper)
        ? StringComparison.Ordinal
        : StringComparison.OrdinalIgnoreCase;

    public bool IsIn(TextLine line) => line.Text.Contains(Text, _comparison);

    /// <summary>The positions of the text in a line, in order, without overlaps.</summary>
    public IEnumerable<int> Places(TextLine line)
    {
        for (
            var at = line.Text.IndexOf(Text, _comparison);
            at >= 0;
            at = line.Text.IndexOf(Text, at + Text.Length, _comparison)
        )
            yield return at;
    }
}
