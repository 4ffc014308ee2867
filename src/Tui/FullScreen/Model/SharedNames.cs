using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Lets rows share names that are equal: of many rows most have the same owner and node.
/// What is not kept costs the garbage collector nothing.</summary>
internal sealed class SharedNames
{
    /// <summary>Names kept; beyond this all are forgotten, and gathered anew.</summary>
    private const int Most = 10_000;

    private readonly Dictionary<string, string> _names = [];

    public void Share(JobRow row) => (row.Owner, row.Node) = (Shared(row.Owner), Shared(row.Node));

    private string Shared(string name)
    {
        if (_names.TryGetValue(name, out var known))
            return known;
        if (_names.Count >= Most)
            _names.Clear();
        return _names[name] = name;
    }
}
