using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.Tui.FullScreen.Screens.Pulse;

/// <summary>A bar that is chosen in all tiles. A bar shows several spans if there are more of them
/// than columns.</summary>
internal sealed class SpanCursor
{
    private int _width = int.MaxValue;

    // The distance of the bar's last span from the newest; null: none is chosen.
    private int? _away;

    public bool IsSet => _away is not null;

    /// <summary>The spans of a bar.</summary>
    public int Each(PulsePeriod period) => (period.Count - 1) / _width + 1;

    /// <summary>The first and the last span of the bar.</summary>
    public (int First, int Last) Spans(PulsePeriod period)
    {
        var last = period.Count - 1 - (_away ?? 0);
        return (Math.Max(0, last - Each(period) + 1), last);
    }

    /// <summary>Sets the width of the graphs.</summary>
    public void Fit(int width) => _width = Math.Max(1, width);

    /// <summary>The column of the bar.</summary>
    public int Column(PulsePeriod period) => _width - 1 - (_away ?? 0) / Each(period);

    public void Move(PulsePeriod period, int bars)
    {
        var each = Each(period);
        var bar = _away is { } away ? away / each - bars : 0;
        _away = Math.Clamp(bar, 0, (period.Count - 1) / each) * each;
    }

    /// <summary>Chooses the bar at a column.</summary>
    public void Choose(PulsePeriod period, int column)
    {
        _away = null;
        Move(period, 0);
        Move(period, column - (_width - 1));
    }

    /// <returns>Whether one was chosen.</returns>
    public bool Clear()
    {
        var wasSet = IsSet;
        _away = null;
        return wasSet;
    }
}
