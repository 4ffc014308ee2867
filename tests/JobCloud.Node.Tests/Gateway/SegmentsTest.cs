using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Tests.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Base class for tests of gateway handlers with real segments.</summary>
public abstract class SegmentsTest : SegmentTest
{
    private protected static readonly Identity Ann = new("ann", Role.User);

    protected SegmentsTest()
    {
        Client = new SegmentClient(() => Region, Limit, atOnce: 2);
        Selections = new Selections(ActorRefs.Nobody, Client, Limit);
        Subscriptions = new Subscriptions(Sys, () => Region, maxWaiting: 100);
        Admission = new FollowAdmission(Client, segmentsMax: 3);
    }

    private protected SegmentClient Client { get; }
    private protected Selections Selections { get; }
    private protected FollowAdmission Admission { get; }
    private protected RequestMemory Memory { get; } = new(64 << 20, Limit);
    private protected Subscriptions Subscriptions { get; }

    /// <summary>Submits single jobs and whole maps, one per range.</summary>
    protected void Submitted(params (long First, int Count)[] slices)
    {
        foreach (var (first, count) in slices)
            Ask(Submit(first, count));
    }

    /// <summary>Starts a job on node n1.</summary>
    protected void Begin(long jid, string owner = "ann")
    {
        Ask(Submit(jid, owner: owner));
        Tell(Assign(jid));
        Tell(
            Report(
                new AttemptReport
                {
                    Jid = jid,
                    Attempt = 1,
                    Started = new AttemptStart { Pid = 7, StartedAt = 5 },
                }
            )
        );
        Settle();
    }

    /// <summary>Waits for a task. Advances the clock meanwhile, so that questions to a stopping
    /// segment are asked again.</summary>
    protected T Await<T>(ValueTask<T> one)
    {
        var task = one.AsTask();
        AwaitCondition(
            () =>
            {
                Advance(TimeSpan.FromSeconds(1));
                return task.IsCompleted;
            },
            Limit,
            TimeSpan.FromMilliseconds(20)
        );
        return task.Result;
    }

    protected static Selection Jobs(params (long First, long Last)[] ranges) =>
        new()
        {
            Items =
            {
                ranges.Select(range => new SelectionItem
                {
                    Range = JidRanges.Range(range.First, range.Last),
                }),
            },
        };
}
