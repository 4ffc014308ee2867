using Google.Protobuf;
using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Feed;

/// <summary>Buffers the news of segments until they are sent on: only the newest state of each
/// slice.</summary>
/// <param name="messageBytes">Approximate limit of one message.</param>
/// <param name="maxEvents">Limit of events per segment; the newest are kept.</param>
public sealed class SegmentNewsBuffer(int messageBytes, int maxEvents)
{
    private readonly Dictionary<long, Waiting> _segments = [];
    private long _oldest;

    public bool IsEmpty => _segments.Count == 0;

    /// <summary>Marks submissions before this jid as incomplete.</summary>
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
        if (waiting.Events.Count > maxEvents)
            waiting.Events.RemoveRange(0, waiting.Events.Count - maxEvents);
    }

    /// <summary>Takes everything from the buffer, as one or more messages.</summary>
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
        /// <summary>The last news, with the newest totals.</summary>
        public SegmentNews Head { get; set; } = new();

        /// <summary>Slices by first jid; null: voided.</summary>
        public Dictionary<long, FeedSlice?> Slices { get; } = [];
        public List<JobEvent> Events { get; } = [];
    }
}
