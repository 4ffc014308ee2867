using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Lets rows share texts that are equal: of many rows most have the same owner and node, and a row that
/// changed has the command that it had. What is not kept costs the garbage collector nothing.</summary>
internal sealed class SharedTexts
{
    /// <summary>Names kept; beyond this all are forgotten, and gathered anew.</summary>
    private const int Most = 10_000;

    private readonly Dictionary<string, string> _names = [];

    /// <param name="before">The row as it was; null: it is new.</param>
    public void Share(JobRow row, JobRow? before)
    {
        row.Owner = Shared(row.Owner);
        row.Node = Shared(row.Node);
        if (before is null)
            return;
        if (row.Command == before.Command)
            row.Command = before.Command;
        if (row.Label == before.Label)
            row.Label = before.Label;
    }

    private string Shared(string name)
    {
        if (_names.TryGetValue(name, out var known))
            return known;
        if (_names.Count >= Most)
            _names.Clear();
        return _names[name] = name;
    }
}
