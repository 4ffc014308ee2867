namespace JobCloud.Protocol.Text;

/// <summary>Suggests names for mistyped ones.</summary>
public static class Suggestions
{
    // Longer texts are not typos, and are slow to compare.
    private const int Longest = 64;

    /// <summary>The closest known name; null: none is close enough.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        if (typed.Length is 0 or > Longest)
            return null;
        // Two swapped letters count as two changes.
        var limit = typed.Length < 4 ? 1 : Math.Max(2, typed.Length / 3);
        return known
            .Select(name => (Name: name, Distance: Distance(typed, name)))
            .Where(pair => pair.Distance <= limit || IsStart(typed, pair.Name))
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.Name)
            .FirstOrDefault();
    }

    /// <summary>The end of a message: <c>did you mean 'x'?</c>, or the known names.</summary>
    public static string Hint(string typed, IReadOnlyCollection<string> known) =>
        Nearest(typed, known) is { } name
            ? $"did you mean '{name}'?"
            : $"use one of {string.Join(", ", known)}.";

    /// <summary>The Levenshtein distance, ignoring case.</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                var change = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }

    private static bool IsStart(string typed, string name) =>
        typed.Length >= 3 && name.StartsWith(typed, StringComparison.OrdinalIgnoreCase);
}
