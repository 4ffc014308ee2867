using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>
/// The sets of three characters in a row that some texts have, as a Bloom filter with one hash: a
/// text that contains a word has all sets of the word. The case of ASCII characters is folded, as
/// in the queries.
/// </summary>
/// <remarks>With 1,024 commands that differ in numbers, about a sixth of the bits is set, so of the
/// segments without a word of seven letters one in eight thousand is read in vain.</remarks>
internal static class TextTrigrams
{
    private const int Size = 1024;
    private const int Length = 3;

    /// <summary>The SQL function that combines two filters.</summary>
    public const string Union = "trigrams_union";

    /// <summary>The SQL function that tells whether a filter has all bits of another one.</summary>
    public const string HasAll = "trigrams_has_all";

    /// <summary>Whether a text is long enough to be looked for.</summary>
    public static bool CanFind(string text) => text.Length >= Length;

    /// <summary>The filter of texts.</summary>
    public static byte[] Of(IEnumerable<string> texts)
    {
        var bits = new byte[Size];
        foreach (var text in texts)
            for (var at = 0; at + Length <= text.Length; at++)
            {
                var bit = BitOf(text.AsSpan(at, Length));
                bits[bit / 8] |= (byte)(1 << (bit % 8));
            }
        return bits;
    }

    public static void AddTo(SqliteConnection connection)
    {
        connection.CreateFunction<byte[], byte[], byte[]>(Union, Combine, isDeterministic: true);
        connection.CreateFunction<byte[], byte[], bool>(HasAll, Contains, isDeterministic: true);
    }

    private static byte[] Combine(byte[] one, byte[] other)
    {
        var both = new byte[Size];
        for (var at = 0; at < Size; at++)
            both[at] = (byte)(one[at] | other[at]);
        return both;
    }

    private static bool Contains(byte[] all, byte[] wanted)
    {
        for (var at = 0; at < Size; at++)
            if ((all[at] & wanted[at]) != wanted[at])
                return false;
        return true;
    }

    private static int BitOf(ReadOnlySpan<char> trigram)
    {
        // FNV-1a: the file is read by later processes, so it must not be a hash of this one.
        var hash = 2166136261;
        foreach (var c in trigram)
            hash = (hash ^ (char.IsAsciiLetterUpper(c) ? c | 0x20u : c)) * 16777619;
        return (int)((hash ^ (hash >> 16)) % (Size * 8));
    }
}
