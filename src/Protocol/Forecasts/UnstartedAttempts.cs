using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Protocol.Forecasts;

/// <summary>The attempts that wait on a node until others there end. It starts the most urgent ones
/// that fit.</summary>
internal sealed class UnstartedAttempts(NodeAccount node)
{
    private readonly List<(Jid Jid, AttemptSlot Attempt)> _waiting = [];

    public NodeAccount Node => node;

    public void Add(Jid jid, AttemptSlot attempt)
    {
        _waiting.Add((jid, attempt));
        _waiting.Sort(
            static (a, b) =>
                a.Attempt.Priority != b.Attempt.Priority
                    ? a.Attempt.Priority.CompareTo(b.Attempt.Priority)
                : a.Attempt.Restarted != b.Attempt.Restarted ? (a.Attempt.Restarted ? -1 : 1)
                : a.Jid.CompareTo(b.Jid)
        );
    }

    public IEnumerable<Jid> TakeFitting()
    {
        for (var i = 0; i < _waiting.Count; )
        {
            var (jid, attempt) = _waiting[i];
            var demand = attempt.Demand!;
            var isFitting =
                node is { IsLost: false, NotReady: "" }
                && demand.Cores <= node.Cores - node.CoresProcessing
                && node.MemoryOf(demand) <= node.Memory - node.MemoryProcessing;
            if (!isFitting)
            {
                i++;
                continue;
            }
            _waiting.RemoveAt(i);
            yield return jid;
        }
    }
}
