namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The command lines entered, newest last, without duplicates, and a position among
/// them.</summary>
internal sealed class CommandHistory
{
    /// <summary>The number of lines kept.</summary>
    public const int Kept = 200;

    private readonly List<string> _lines = [];
    private int _position;

    public IReadOnlyList<string> Lines => _lines;

    public void Add(string line)
    {
        _lines.Remove(line);
        _lines.Add(line);
        if (_lines.Count > Kept)
            _lines.RemoveAt(0);
        _position = _lines.Count;
    }

    /// <summary>Moves to the previous line and returns it; null: there is none.</summary>
    public string? Older() => _position > 0 ? _lines[--_position] : null;

    /// <summary>Moves to the next line and returns it; empty after the newest.</summary>
    public string Newer()
    {
        _position = Math.Min(_position + 1, _lines.Count);
        return _position < _lines.Count ? _lines[_position] : "";
    }
}
