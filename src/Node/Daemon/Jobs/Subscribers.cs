using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Who wants to hear of which jobs of one segment.</summary>
internal sealed class Subscribers
{
    private readonly Dictionary<IActorRef, Subscribe> _wishes = [];
    private readonly Dictionary<IActorRef, Subscribe> _added = [];

    public bool IsEmpty => _wishes.Count == 0;

    /// <summary>Ends a wish, or notes one that <see cref="Begin"/> adds or replaces.</summary>
    public void Change(IActorRef sender, Subscribe wish)
    {
        if (!wish.End)
        {
            _added[sender] = wish;
            return;
        }
        _added.Remove(sender);
        _wishes.Remove(sender);
    }

    public void Remove(IActorRef subscriber) => _wishes.Remove(subscriber);

    /// <summary>Tells those that came since the last call how their jobs stand, which must be
    /// committed; they are to be watched.</summary>
    public IReadOnlyList<IActorRef> Begin(Segment segment)
    {
        if (_added.Count == 0)
            return [];
        foreach (var (subscriber, wish) in _added)
        {
            _wishes[subscriber] = wish;
            subscriber.Tell(Initial(segment, wish));
        }
        IActorRef[] begun = [.. _added.Keys];
        _added.Clear();
        return begun;
    }

    public void Tell(long segment, IReadOnlyList<StatusRun> runs, IReadOnlyList<JobEvent> events)
    {
        foreach (var (subscriber, wish) in _wishes)
        {
            var moved = new JobsMoved { Segment = segment };
            foreach (var run in runs)
            foreach (
                var range in JidRanges.Intersect(wish.Jobs, run.First, run.First + run.Count - 1)
            )
                moved.Runs.Add(
                    new StatusRun
                    {
                        First = range.First,
                        Count = range.Last - range.First + 1,
                        Status = run.Status,
                    }
                );
            if (wish.WithEvents)
                moved.Events.AddRange(events.Where(e => Concerns(wish, e)));
            if (moved.Runs.Count + moved.Events.Count > 0)
                subscriber.Tell(moved);
        }
    }

    private static bool Concerns(Subscribe wish, JobEvent e) =>
        JidRanges.Intersect(wish.Jobs, e.Jid, e.Jid + Math.Max(1, e.Count) - 1).Count > 0;

    private static JobsMoved Initial(Segment segment, Subscribe wish)
    {
        var moved = new JobsMoved { Segment = segment.Number, Initial = true };
        foreach (var jid in JidRanges.Enumerate(wish.Jobs))
            switch (segment.Find(jid))
            {
                case null:
                    moved.Unknown.Add(new JidRange { First = jid, Last = jid });
                    break;
                case { IsDeleted: true }:
                    moved.Deleted.Add(new JidRange { First = jid, Last = jid });
                    break;
                case { } job:
                    StatusRuns.Append(moved.Runs, jid, job.Status);
                    break;
            }
        return moved;
    }
}
