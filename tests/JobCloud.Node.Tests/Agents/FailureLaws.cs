using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

/// <summary>An agent that fails at random moments. Its segments order unknown attempts again, like
/// real ones.</summary>
public sealed class FailureLaws : AgentTest
{
    private const int Jobs = 40;

    private readonly HashSet<long> _open = [];
    private IActorRef _agent = ActorRefs.Nobody;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_end_is_reported_and_no_attempt_starts_twice(int seed)
    {
        var executor = new ShakyExecutor(seed);
        _agent = StartAgent(executor);
        for (var jid = 1L; jid <= Jobs; jid++)
        {
            _open.Add(jid);
            _agent.Tell(Order(jid));
            if (jid % 3 == 0)
                executor.EndOne();
            Handle();
        }
        executor.Shakes = false;
        AwaitCondition(
            () =>
            {
                executor.EndOne();
                Advance(NodeAgentActor.ReportRetry);
                Handle();
                return _open.Count == 0;
            },
            TimeSpan.FromSeconds(30),
            TimeSpan.FromMilliseconds(10)
        );
        Assert.Equal(Enumerable.Range(1, Jobs).Select(jid => (long)jid), executor.Starts.Order());
    }

    private void Handle()
    {
        while (Region.HasMessages)
            foreach (var report in Region.ExpectMsg<SegmentRequest>().Reports.Reports)
                Handle(report);
        while (Scheduler.HasMessages)
        {
            Scheduler.ExpectMsg<NodeOffer>();
            _agent.Tell(new CheckAttempts { Attempts = { _open.Select(Key) } });
        }
    }

    private void Handle(AttemptReport report)
    {
        if (report.Ended is not null)
        {
            _open.Remove(report.Jid);
            _agent.Tell(Accepted(report.Jid));
        }
        else if (report.Unknown is not null && _open.Contains(report.Jid))
            _agent.Tell(Order(report.Jid));
    }
}
