namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Lines that were entered, newest last, each once, and a place among them.</summary>
internal sealed class History
{
    /// <summary>Lines kept.</summary>
    public const int Kept = 200;

    private readonly List<string> _lines = [];
    private int _place;

    public IReadOnlyList<string> Lines => _lines;

    public void Add(string line)
    {
        _lines.Remove(line);
        _lines.Add(line);
        if (_lines.Count > Kept)
            _lines.RemoveAt(0);
        _place = _lines.Count;
    }

    /// <summary>The line before; null: there is none.</summary>
    public string? Older() => _place > 0 ? _lines[--_place] : null;

    /// <summary>The line after; empty behind the newest.</summary>
    public string Newer()
    {
        _place = Math.Min(_place + 1, _lines.Count);
        return _place < _lines.Count ? _lines[_place] : "";
    }
}
