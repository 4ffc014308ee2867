using System.Diagnostics;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using Xunit.Abstractions;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Rounds with a million jobs. The printed figures are for information only.</summary>
public sealed class SchedulerFigures(ITestOutputHelper output)
{
    private const int Million = 1_000_000;

    [Fact]
    public void One_node_gets_each_of_a_million_jobs_once()
    {
        var ledger = Loaded(nodes: 1, cores: 4, owners: 1);
        var (ended, rounds, next, now) = (0, 0, 1L, 1L);
        var watch = Stopwatch.StartNew();
        for (; ended < Million; rounds++, now += 1000)
            foreach (
                var assignment in Scheduler.Solve(ledger, SchedulingPolicy.Default, now).Assignments
            )
            {
                Assert.Equal(next, assignment.First);
                next += assignment.Count;
                ended += assignment.Count;
                ledger.Apply(StartAndEnd(assignment), now);
            }
        var each = watch.Elapsed.TotalMicroseconds / ended;
        output.WriteLine($"{rounds} rounds, {each:F2} µs a job, {1e6 / each:N0} jobs/s");
        Assert.Equal(0, ledger.Shapes.Sum(shape => shape.Queued));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_thousand_nodes_are_filled_in_one_round(int owners)
    {
        var ledger = Loaded(nodes: 1000, cores: 64, owners);
        var watch = Stopwatch.StartNew();
        var plan = Scheduler.Solve(ledger, SchedulingPolicy.Default, now: 1);
        var filled = watch.Elapsed;
        Assert.Empty(Scheduler.Solve(ledger, SchedulingPolicy.Default, now: 1).Assignments);
        output.WriteLine(
            $"{filled.TotalMilliseconds:F1} ms for {plan.Assignments.Count} ranges, "
                + $"{(watch.Elapsed - filled).TotalMilliseconds:F2} ms for a round without room"
        );
        Assert.All(ledger.Nodes, node => Assert.Equal(64, node.Attempts));
    }

    private static Ledger Loaded(int nodes, int cores, int owners)
    {
        var ledger = new Ledger();
        for (var node = 1; node <= nodes; node++)
            ledger.Apply(
                new NodeOffer
                {
                    Node = $"n{node}",
                    Session = 1,
                    Backlog = 256,
                    Capacity = new Resources { Cores = cores },
                },
                now: 1
            );
        for (var segment = 0L; segment <= Segments.Of(Million); segment++)
        {
            var (first, last) = (
                Segments.First(segment),
                Math.Min(Million, Segments.Last(segment))
            );
            var jobs = new RunnableJobs
            {
                First = first,
                Count = (int)(last - first + 1),
                Created = 1,
                Owner = $"owner {segment % owners}",
                Cores = 1,
            };
            ledger.Apply(new SegmentUpdate { Segment = segment, Runnable = { jobs } }, now: 1);
        }
        return ledger;
    }

    private static SegmentUpdate StartAndEnd(Assignment assignment)
    {
        var update = new SegmentUpdate { Segment = Segments.Of(assignment.First) };
        for (var i = 0; i < assignment.Count; i++)
        {
            var jid = assignment.First + i;
            update.Active.Add(
                new ActiveAttempt
                {
                    Jid = jid,
                    Attempt = 1,
                    Node = assignment.Node,
                    Cores = 1,
                    Owner = "owner 0",
                }
            );
            update.Ended.Add(new EndedAttempt { Jid = jid, Status = Status.Done });
        }
        return update;
    }
}
