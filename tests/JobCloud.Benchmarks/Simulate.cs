using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Scheduling;
using SegmentSpan = JobCloud.Protocol.Notation.Segments;

namespace JobCloud.Benchmarks;

/// <summary>The real scheduler's decision for 1,000 nodes and the given number of queued jobs
/// (default 1,000,000) of mixed sizes, priorities, requirements and users: half of them in maps,
/// half submitted singly.</summary>
public static class Simulate
{
    private const int Nodes = 1_000;
    private const int Cores = 32;
    private const int Rounds = 50;
    private const int EndsInARound = 500;
    private const long Start = 1_000_000_000_000;
    private const long RoundTime = 5_000;

    public static Task RunAsync(int size)
    {
        var jobs = size > 0 ? size : 1_000_000;
        // A warm-up: a scheduler with such a queue has run for long, so its code is compiled.
        Measure(jobs / 20, TextWriter.Null);
        Measure(jobs, Console.Out);
        return Task.CompletedTask;
    }

    private static void Measure(int jobs, TextWriter to)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var ledger = new Ledger();
        for (var i = 0; i < Nodes; i++)
            ledger.Apply(Offer(i), Start);
        var watch = Stopwatch.StartNew();
        foreach (var update in Queue(jobs, new Random(1)))
            ledger.Apply(update, Start);
        to.WriteLine(
            $"{jobs} jobs in {ledger.Shapes.Count} shapes added in {watch.Elapsed.TotalSeconds:F1} s, "
                + $"{(GC.GetTotalMemory(forceFullCollection: true) - before) >> 20} MiB"
        );
        var running = new List<(long Jid, string Node)>();
        to.WriteLine(
            $"first round: {Round(ledger, running, Start):F1} ms, {running.Count} assigned"
        );
        var times = new List<double>();
        var random = new Random(2);
        for (var round = 1; round <= Rounds; round++)
        {
            var now = Start + round * RoundTime;
            End(ledger, running, random, now);
            times.Add(Round(ledger, running, now));
        }
        times.Sort();
        to.WriteLine(
            $"rounds after {EndsInARound} ends: p50 {times[Rounds / 2]:F1} ms, max {times[^1]:F1} ms; "
                + $"{(GC.GetTotalMemory(forceFullCollection: true) - before) >> 20} MiB"
        );
    }

    private static double Round(Ledger ledger, List<(long Jid, string Node)> running, long now)
    {
        var watch = Stopwatch.StartNew();
        var plan = Scheduler.Solve(ledger, SchedulingPolicy.Default, now);
        var took = watch.Elapsed.TotalMilliseconds;
        foreach (var assignment in plan.Assignments)
        {
            var update = new SegmentUpdate { Segment = SegmentSpan.Of(assignment.First) };
            for (
                var jid = assignment.First;
                jid < assignment.First + Math.Max(1, assignment.Count);
                jid++
            )
            {
                running.Add((jid, assignment.Node));
                var job = Job(jid);
                update.Active.Add(
                    new ActiveAttempt
                    {
                        Jid = jid,
                        Attempt = 1,
                        Node = assignment.Node,
                        Cores = job.Cores,
                        MemoryBytes = job.MemoryBytes,
                        Owner = job.Owner,
                        SubmissionFirst = jid,
                        Started = true,
                    }
                );
            }
            ledger.Apply(update, now);
        }
        return took;
    }

    private static void End(
        Ledger ledger,
        List<(long Jid, string Node)> running,
        Random random,
        long now
    )
    {
        for (var i = 0; i < EndsInARound && running.Count > 0; i++)
        {
            var at = random.Next(running.Count);
            var jid = running[at].Jid;
            running[at] = running[^1];
            running.RemoveAt(running.Count - 1);
            var update = new SegmentUpdate { Segment = SegmentSpan.Of(jid) };
            update.Ended.Add(new EndedAttempt { Jid = jid, Status = Status.Done });
            ledger.Apply(update, now);
        }
    }

    private static NodeOffer Offer(int i) =>
        new()
        {
            Node = $"n{i:D4}",
            Session = 1,
            Backlog = 64,
            Capacity = new Resources { Cores = Cores, MemoryBytes = (64L + i % 3 * 64) << 30 },
            Isolation =
                i % 4 == 0 ? new Isolation { NoSandbox = "not installed" } : new Isolation(),
        };

    private static IEnumerable<SegmentUpdate> Queue(int jobs, Random random)
    {
        var update = new SegmentUpdate { Full = true };
        for (long jid = 1; jid <= jobs; )
        {
            if (SegmentSpan.Of(jid) != update.Segment)
            {
                yield return update;
                update = new SegmentUpdate { Segment = SegmentSpan.Of(jid), Full = true };
            }
            var runnable = Job(jid);
            var left = Math.Min(jobs, SegmentSpan.Last(update.Segment)) - jid + 1;
            runnable.Count =
                update.Segment % 2 == 0 ? 1 : (int)Math.Min(left, random.Next(50, 1024));
            update.Runnable.Add(runnable);
            jid += runnable.Count;
        }
        yield return update;
    }

    /// <summary>Creates a job whose properties depend only on its segment and jid.</summary>
    private static RunnableJobs Job(long jid)
    {
        var mix = SegmentSpan.Of(jid) % 2 == 0 ? jid : SegmentSpan.Of(jid);
        return new RunnableJobs
        {
            First = jid,
            SubmissionFirst = jid,
            Created = Start - 1_000_000_000 + jid,
            Priority = (int)(mix % 5) + 3,
            Owner = $"user{mix % 7}",
            Cores = 1 << (int)(mix % 4),
            MemoryBytes = (300L << 20) << (int)(mix % 6),
            NeedsSandbox = mix % 11 == 0,
        };
    }
}
