using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Feed;

/// <summary>Counts started and ended attempts; only differences of the counts are
/// meaningful.</summary>
/// <param name="since">Start of the counting, µs: it ignores earlier starts.</param>
/// <param name="maxOpen">Limit of attempts remembered as running; beyond it all are
/// forgotten.</param>
public sealed class AttemptCounter(long since, int maxOpen)
{
    private readonly HashSet<AttemptId> _open = [];

    public long Started { get; private set; }
    public long EndedDone { get; private set; }
    public long EndedOtherwise { get; private set; }

    public void Count(JobEvent e)
    {
        switch (e.FactCase)
        {
            case JobEvent.FactOneofCase.Started:
                Started++;
                if (_open.Count >= maxOpen)
                    _open.Clear();
                _open.Add(new AttemptId(e.Jid, e.Started.Attempt));
                break;
            case JobEvent.FactOneofCase.Ended:
                // A short attempt reports its start together with its end.
                if (
                    !_open.Remove(new AttemptId(e.Jid, e.Ended.Attempt))
                    && e.Ended.StartedAt >= since
                )
                    Started++;
                if (e.Ended.Status == Status.Done)
                    EndedDone++;
                else
                    EndedOtherwise++;
                break;
            case JobEvent.FactOneofCase.AttemptLost:
                _open.Remove(new AttemptId(e.Jid, e.AttemptLost.Attempt));
                EndedOtherwise++;
                break;
        }
    }
}
