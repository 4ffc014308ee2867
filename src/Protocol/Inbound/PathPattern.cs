using System.Text;

namespace JobCloud.Protocol.Inbound;

/// <summary>The paths of one or more actors: names, or <c>*</c> for any name, or <c>$</c> for any
/// name that Akka.NET gave.</summary>
internal sealed class PathPattern(string text)
{
    private readonly byte[][] _names =
    [
        .. text.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>The whole path; null: it has a name for many.</summary>
    private readonly byte[]? _one = text.AsSpan().ContainsAny('*', '$')
        ? null
        : Encoding.UTF8.GetBytes(text);

    /// <param name="path">Names, each after a slash.</param>
    public bool Matches(ReadOnlySpan<byte> path) =>
        _one is null ? MatchesNames(path) : path.SequenceEqual(_one);

    private bool MatchesNames(ReadOnlySpan<byte> path)
    {
        foreach (var name in _names)
        {
            if (path.IsEmpty || path[0] != '/')
                return false;
            path = path[1..];
            var end = path.IndexOf((byte)'/');
            var found = end < 0 ? path : path[..end];
            if (!IsOne(name, found))
                return false;
            path = end < 0 ? default : path[end..];
        }
        return path.IsEmpty;
    }

    private static bool IsOne(byte[] name, ReadOnlySpan<byte> found) =>
        name.Length == 1
            ? name[0] switch
            {
                (byte)'*' => !found.IsEmpty,
                (byte)'$' => found.Length > 1 && found[0] == '$',
                _ => found.SequenceEqual(name),
            }
            : found.SequenceEqual(name);

    public override string ToString() => text;
}
