using Google.Protobuf;
using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Feed;

/// <summary>Gathers what segments say until it is sent on: of each slice the newest word
/// alone.</summary>
/// <param name="messageBytes">Of one message, about.</param>
/// <param name="eventsMost">Newest events of a segment that are kept.</param>
public sealed class SegmentGather(int messageBytes, int eventsMost)
{
    private readonly Dictionary<long, Waiting> _segments = [];
    private long _oldest;

    public bool IsEmpty => _segments.Count == 0;

    /// <summary>Submissions before this one are not known whole.</summary>
    public void Truncate(long before) => _oldest = Math.Max(_oldest, before);

    public void Add(SegmentNews news)
    {
        if (!_segments.TryGetValue(news.Segment, out var waiting))
            _segments[news.Segment] = waiting = new Waiting();
        waiting.Head = news;
        foreach (var slice in news.Slices)
            waiting.Slices[slice.Row.First] = slice;
        foreach (var first in news.Removed)
            waiting.Slices[first] = null;
        waiting.Events.AddRange(news.Events);
        if (waiting.Events.Count > eventsMost)
            waiting.Events.RemoveRange(0, waiting.Events.Count - eventsMost);
    }

    /// <summary>All that waits, in as many messages as it takes; then nothing waits.</summary>
    public IReadOnlyList<FeedPart> Take()
    {
        var parts = new List<FeedPart> { new() };
        var bytes = 0;
        foreach (var (segment, waiting) in _segments)
        {
            var news = Begin(segment, waiting.Head);
            foreach (var e in waiting.Events)
                Room(e.CalculateSize(), ref news).Events.Add(e);
            foreach (var (first, slice) in waiting.Slices)
                if (slice is not null)
                    Room(slice.CalculateSize(), ref news).Slices.Add(slice);
                else
                    Room(CodedOutputStream.ComputeInt64Size(first), ref news).Removed.Add(first);
        }
        _segments.Clear();
        foreach (var part in parts)
            part.Oldest = _oldest;
        return parts;

        SegmentNews Begin(long segment, SegmentNews head)
        {
            var news = new SegmentNews
            {
                Segment = segment,
                SequenceNr = head.SequenceNr,
                Totals = { head.Totals },
            };
            bytes += news.CalculateSize();
            parts[^1].News.Add(news);
            return news;
        }

        SegmentNews Room(int size, ref SegmentNews news)
        {
            if (bytes + size > messageBytes)
            {
                parts[^1].More = true;
                parts.Add(new FeedPart());
                bytes = 0;
                news = Begin(news.Segment, news);
            }
            bytes += size;
            return news;
        }
    }

    private sealed class Waiting
    {
        /// <summary>The last word, which has the newest totals.</summary>
        public SegmentNews Head { get; set; } = new();

        /// <summary>Without a slice: it was voided.</summary>
        public Dictionary<long, FeedSlice?> Slices { get; } = [];
        public List<JobEvent> Events { get; } = [];
    }
}
