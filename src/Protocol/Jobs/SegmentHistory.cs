using JobCloud.Protocol.Events;
using Fact = JobCloud.Protocol.Events.JobEvent.FactOneofCase;

namespace JobCloud.Protocol.Jobs;

/// <summary>The events of a segment that its compacted row keeps: those of jobs that are not
/// deleted.</summary>
/// <param name="mostBytes">Its largest size; the oldest events go first.</param>
public sealed class SegmentHistory(long mostBytes = SegmentHistory.MostBytes)
{
    /// <summary>As much as one request for events sends.</summary>
    private const long MostBytes = 32 << 20;

    private readonly LinkedList<JobEvent> _events = [];
    private long _bytes;

    /// <summary>Whether older events were dropped because there were too many.</summary>
    public bool IsCut { get; private set; }

    public IEnumerable<JobEvent> Events => _events;

    /// <summary>Adds the events of a compacted row, which precede all others.</summary>
    /// <exception cref="ImpossibleEventException">The row is damaged.</exception>
    public void Add(SegmentCompacted row)
    {
        _events.Clear();
        (_bytes, IsCut) = (0, row.HistoryCut);
        foreach (
            var e in PackedMessage.Unpack(JobsChanged.Parser, row.History, row.HistorySize).Events
        )
            Append(e);
    }

    /// <summary>Adds the events of a commit, in the order of the journal.</summary>
    public void Add(IEnumerable<JobEvent> events)
    {
        foreach (var e in events)
            switch (e.FactCase)
            {
                case Fact.DependentsRegistered:
                    break;
                case Fact.Voided:
                    Remove(other => other.Jid >= e.Jid && other.Jid <= LastOf(e));
                    break;
                case Fact.Submitted:
                    // The state has its contents.
                    Append(
                        new JobEvent
                        {
                            At = e.At,
                            Jid = e.Jid,
                            Count = e.Count,
                            By = e.By,
                            Submitted = new Submitted(),
                        }
                    );
                    break;
                default:
                    Append(e);
                    break;
            }
    }

    /// <summary>Removes the events that only deleted jobs have.</summary>
    public void RemoveDeleted(IReadOnlySet<long> deleted) =>
        Remove(e =>
        {
            for (var jid = e.Jid; jid <= LastOf(e); jid++)
                if (!deleted.Contains(jid))
                    return false;
            return true;
        });

    private void Append(JobEvent e)
    {
        _events.AddLast(e);
        _bytes += e.CalculateSize();
        while (_bytes > mostBytes && _events.First is { } oldest)
        {
            _bytes -= oldest.Value.CalculateSize();
            _events.RemoveFirst();
            IsCut = true;
        }
    }

    private void Remove(Func<JobEvent, bool> isGone)
    {
        for (var at = _events.First; at is not null; )
        {
            var next = at.Next;
            if (isGone(at.Value))
            {
                _bytes -= at.Value.CalculateSize();
                _events.Remove(at);
            }
            at = next;
        }
    }

    private static long LastOf(JobEvent e) => e.Jid + Math.Max(1, e.Count) - 1;
}
