namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Tab completion of a line.</summary>
internal static class Completion
{
    /// <summary>The start of the line's last word, which is being typed. Separators are spaces,
    /// commas, <c>=</c> and <c>:</c>.</summary>
    public static int WordStart(string line) => line.AsSpan().LastIndexOfAny(" ,=:") + 1;

    /// <summary>The candidates that continue the last word.</summary>
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

    /// <summary>The line, extended by the common prefix of the fitting candidates.</summary>
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
