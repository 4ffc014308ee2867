namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>What is searched for in lines: a text, whose case counts only where it has a
/// capital.</summary>
internal sealed record LinePattern(string Text)
{
    private readonly StringComparison _comparison = Text.Any(char.IsUpper)
        ? StringComparison.Ordinal
        : StringComparison.OrdinalIgnoreCase;

    public bool IsIn(TextLine line) => line.Text.Contains(Text, _comparison);

    /// <summary>Where it stands in a line, first to last; they do not overlap.</summary>
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
