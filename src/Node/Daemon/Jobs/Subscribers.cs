using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>The subscribers of one segment and the jobs they follow.</summary>
internal sealed class Subscribers
{
    private readonly Dictionary<IActorRef, Subscribe> _subscriptions = [];
    private readonly Dictionary<IActorRef, (Subscribe Jobs, Requester By)> _added = [];

    public bool IsEmpty => _subscriptions.Count == 0;

    /// <summary>Ends a subscription, or records one that <see cref="Activate"/> adds or
    /// replaces.</summary>
    public void Change(IActorRef sender, Subscribe subscription, Requester by)
    {
        if (!subscription.End)
        {
            _added[sender] = (subscription, by);
            return;
        }
        _added.Remove(sender);
        _subscriptions.Remove(sender);
    }

    public void Remove(IActorRef subscriber) => _subscriptions.Remove(subscriber);

    /// <summary>Sends the committed statuses to the subscribers added since the last call and
    /// returns those subscribers, which the caller must watch. One that names a job of another user
    /// gets a refusal instead.</summary>
    public IReadOnlyList<IActorRef> Activate(Segment segment)
    {
        if (_added.Count == 0)
            return [];
        var begun = new List<IActorRef>();
        foreach (var (subscriber, (subscription, by)) in _added)
        {
            var initial = Initial(segment, subscription, by);
            subscriber.Tell(initial);
            if (initial.Refusal is not null)
            {
                _subscriptions.Remove(subscriber);
                continue;
            }
            _subscriptions[subscriber] = subscription;
            begun.Add(subscriber);
        }
        _added.Clear();
        return begun;
    }

    public void Publish(long segment, IReadOnlyList<StatusRun> runs, IReadOnlyList<JobEvent> events)
    {
        foreach (var (subscriber, subscription) in _subscriptions)
        {
            var moved = new JobsMoved { Segment = segment };
            foreach (var run in runs)
            foreach (
                var range in JidRanges.Intersect(
                    subscription.Jobs,
                    run.First,
                    run.First + run.Count - 1
                )
            )
                moved.Runs.Add(
                    new StatusRun
                    {
                        First = range.First,
                        Count = range.Last - range.First + 1,
                        Status = run.Status,
                    }
                );
            if (subscription.WithEvents)
                moved.Events.AddRange(events.Where(e => Concerns(subscription, e)));
            if (moved.Runs.Count + moved.Events.Count > 0)
                subscriber.Tell(moved);
        }
    }

    private static bool Concerns(Subscribe subscription, JobEvent e) =>
        JidRanges.Intersect(subscription.Jobs, e.Jid, e.Jid + Math.Max(1, e.Count) - 1).Count > 0;

    private static JobsMoved Initial(Segment segment, Subscribe subscription, Requester by)
    {
        var moved = new JobsMoved { Segment = segment.Number, Initial = true };
        foreach (var jid in JidRanges.Enumerate(subscription.Jobs))
            switch (segment.Find(jid))
            {
                case null:
                    moved.Unknown.Add(new JidRange { First = jid, Last = jid });
                    break;
                case { } job when !by.MayUse(job):
                    return new JobsMoved
                    {
                        Segment = segment.Number,
                        Initial = true,
                        Refusal = Refusals.NotAllowed(jid),
                    };
                case { IsDeleted: true } deleted:
                    moved.Deleted.Add(new JidRange { First = jid, Last = jid });
                    moved.Removals.Add(deleted.Removal);
                    moved.Removers.Add(deleted.Remover);
                    break;
                case { } job:
                    StatusRuns.Append(moved.Runs, jid, job.Status);
                    break;
            }
        return moved;
    }
}
