using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Deduplicates owner and node names, which are the same in most rows, to save memory and
/// garbage collection.</summary>
internal sealed class SharedNames
{
    /// <summary>The number of names at which the cache is cleared.</summary>
    private const int MaxNames = 10_000;

    private readonly Dictionary<string, string> _names = [];

    public void Share(JobRow row) => (row.Owner, row.Node) = (Shared(row.Owner), Shared(row.Node));

    private string Shared(string name)
    {
        if (_names.TryGetValue(name, out var known))
            return known;
        if (_names.Count >= MaxNames)
            _names.Clear();
        return _names[name] = name;
    }
}
