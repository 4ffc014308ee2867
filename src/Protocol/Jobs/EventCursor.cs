using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>The position in a stream of events that may be sent again from the start. Each segment
/// sends its events in one order, by time.</summary>
public sealed class EventCursor
{
    private readonly Dictionary<long, Place> _taken = [];
    private Dictionary<long, Place> _toSkip = [];

    /// <param name="At">The time of the latest event.</param>
    /// <param name="Count">The number of events at that time.</param>
    private readonly record struct Place(long At, int Count);

    /// <summary>The stream begins again.</summary>
    public void Repeat() => _toSkip = new(_taken);

    /// <summary>Whether an event is new; it then counts as taken.</summary>
    public bool Takes(JobEvent next)
    {
        var segment = Segments.Of(next.Jid);
        var skip = _toSkip.GetValueOrDefault(segment);
        if (next.At < skip.At)
            return false;
        if (next.At == skip.At && skip.Count > 0)
        {
            _toSkip[segment] = skip with { Count = skip.Count - 1 };
            return false;
        }
        var place = _taken.GetValueOrDefault(segment);
        if (next.At == place.At)
            _taken[segment] = place with { Count = place.Count + 1 };
        else if (next.At > place.At)
            _taken[segment] = new Place(next.At, 1);
        return true;
    }
}
