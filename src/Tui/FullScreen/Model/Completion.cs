namespace JobCloud.Tui.FullScreen.Model;

/// <summary>What Tab makes of a line.</summary>
internal static class Completion
{
    /// <summary>The line's last word, which is being typed; separators are blanks, commas and signs
    /// of comparison.</summary>
    public static int WordStart(string line) => line.AsSpan().LastIndexOfAny(" ,=:") + 1;

    /// <summary>Candidates that go on from the last word.</summary>
    public static List<string> Fitting(string line, IEnumerable<string> candidates)
    {
        var word = line[WordStart(line)..];
        return
        [
            .. candidates.Where(c =>
                c.StartsWith(word, StringComparison.OrdinalIgnoreCase) && c != word
            ),
        ];
    }

    /// <summary>The line with as much more as all that fit agree on; a single one is completed
    /// whole.</summary>
    public static string Complete(string line, IReadOnlyList<string> fitting)
    {
        if (fitting.Count == 0)
            return line;
        var common = fitting[0];
        foreach (var other in fitting)
        {
            var length = 0;
            while (
                length < common.Length && length < other.Length && common[length] == other[length]
            )
                length++;
            common = common[..length];
        }
        var start = WordStart(line);
        return common.Length < line.Length - start ? line : line[..start] + common;
    }
}
