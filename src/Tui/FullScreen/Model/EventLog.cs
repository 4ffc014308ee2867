using JobCloud.Protocol.Events;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The newest events: those that arrive, after those of before the client joined. An event
/// that comes both ways is there once.</summary>
/// <param name="kept">The maximum number.</param>
internal sealed class EventLog(int kept)
{
    private readonly Queue<EventRow> _rows = new();

    // The events that arrived before the past ones did.
    private readonly HashSet<(long, long, JobEvent.FactOneofCase)> _arrived = [];
    private IReadOnlyList<EventRow>? _view = [];
    private long _count;

    /// <summary>From when on no event is missing, in µs; null: the past events are not here
    /// yet.</summary>
    public long? Since { get; private set; }

    /// <summary>The events, newest last; the same instance while nothing changed.</summary>
    public IReadOnlyList<EventRow> View() => _view ??= [.. _rows];

    public void Clear()
    {
        _rows.Clear();
        _arrived.Clear();
        (_view, Since) = (null, null);
    }

    public void Add(JobEvent jobEvent)
    {
        if (Since is null && _arrived.Count < kept)
            _arrived.Add(KeyOf(jobEvent));
        if (EventRow.Of(++_count, jobEvent) is not { } row)
            return;
        _rows.Enqueue(row);
        if (_rows.Count > kept)
            Since = Math.Max(Since ?? 0, _rows.Dequeue().Line.When);
        _view = null;
    }

    /// <summary>Adds past events before the others, once.</summary>
    public void AddPast(IReadOnlyList<JobEvent> past, long since)
    {
        if (Since is not null)
            return;
        EventRow[] arrived = [.. _rows];
        _rows.Clear();
        // They come before the first that arrived.
        var number = -past.Count;
        foreach (var jobEvent in past)
            if (!_arrived.Contains(KeyOf(jobEvent)) && EventRow.Of(number++, jobEvent) is { } row)
                _rows.Enqueue(row);
        foreach (var row in arrived)
            _rows.Enqueue(row);
        Since = since;
        while (_rows.Count > kept)
            Since = Math.Max(since, _rows.Dequeue().Line.When);
        _arrived.Clear();
        _view = null;
    }

    private static (long, long, JobEvent.FactOneofCase) KeyOf(JobEvent jobEvent) =>
        (jobEvent.Jid, jobEvent.At, jobEvent.FactCase);
}
