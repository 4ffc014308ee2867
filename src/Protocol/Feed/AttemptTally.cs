using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Feed;

/// <summary>Counts attempts that start and end; only differences of its numbers mean
/// something.</summary>
/// <param name="since">When the counting began, µs: what started before is not counted.</param>
/// <param name="openMost">Attempts remembered as running; beyond this all are forgotten.</param>
public sealed class AttemptTally(long since, int openMost)
{
    private readonly HashSet<(long Jid, int Attempt)> _open = [];

    public long Started { get; private set; }
    public long EndedDone { get; private set; }
    public long EndedOtherwise { get; private set; }

    public void Count(JobEvent e)
    {
        switch (e.FactCase)
        {
            case JobEvent.FactOneofCase.Started:
                Started++;
                if (_open.Count >= openMost)
                    _open.Clear();
                _open.Add((e.Jid, e.Started.Attempt));
                break;
            case JobEvent.FactOneofCase.Ended:
                // A quick one tells of its start only when it has ended.
                if (!_open.Remove((e.Jid, e.Ended.Attempt)) && e.Ended.StartedAt >= since)
                    Started++;
                if (e.Ended.Status == Status.Done)
                    EndedDone++;
                else
                    EndedOtherwise++;
                break;
            case JobEvent.FactOneofCase.AttemptLost:
                _open.Remove((e.Jid, e.AttemptLost.Attempt));
                EndedOtherwise++;
                break;
        }
    }
}
