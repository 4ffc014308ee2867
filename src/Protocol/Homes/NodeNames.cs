namespace JobCloud.Protocol.Homes;

/// <summary>The names that the node of a home has had. The home keeps them, so that a new host name
/// changes nothing, and what was recorded under an earlier name is found.</summary>
/// <param name="Current">Its name now.</param>
/// <param name="Former">Its earlier names, the latest first.</param>
public sealed record NodeNames(string Current, IReadOnlyList<string> Former)
{
    public const int FormerMax = 32;

    /// <summary>The first name of the home.</summary>
    public string First => Former.Count > 0 ? Former[^1] : Current;

    /// <summary>The names after a start with this name.</summary>
    /// <param name="kept">Null: the home is new.</param>
    public static NodeNames After(NodeNames? kept, string name)
    {
        if (kept is null)
            return new(name, []);
        if (kept.Current == name)
            return kept;
        var former = kept.Former.Prepend(kept.Current).Where(one => one != name).ToList();
        // The first name stays: it holds the leases of jids.
        if (kept.First != name && former.Count > FormerMax)
            former.RemoveRange(FormerMax - 1, former.Count - FormerMax);
        return new(name, former);
    }

    /// <summary>Parses the text of <see cref="ToString"/>; null: it holds no name.</summary>
    public static NodeNames? Parse(string text)
    {
        var names = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 ? new(names[0], names[1..]) : null;
    }

    /// <summary>One name per line, the current one first.</summary>
    public override string ToString() => string.Join('\n', Former.Prepend(Current)) + '\n';

    public bool Equals(NodeNames? other) =>
        other is not null && Current == other.Current && Former.SequenceEqual(other.Former);

    public override int GetHashCode() => Current.GetHashCode(StringComparison.Ordinal);
}
