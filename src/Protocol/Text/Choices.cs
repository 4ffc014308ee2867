namespace JobCloud.Protocol.Text;

/// <summary>Parses one of several allowed words.</summary>
public static class Choices
{
    public static Parsed<string> Parse(string text, IReadOnlyList<string> known)
    {
        if (known.Contains(text))
            return text;
        var among = known.Count == 1 ? known[0] : $"one of {string.Join(", ", known)}";
        return new TextError(0, text.Length, $"'{text}' is not {among}.");
    }

    /// <summary>A list for a sentence: <c>a, b or c</c>.</summary>
    public static string Listed(IEnumerable<string> words)
    {
        var list = words.ToList();
        return $"{string.Join(", ", list[..^1])} or {list[^1]}";
    }
}
