using System.Diagnostics;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>Measures how soon a cloud of three nodes is over a loss, in the middle of long
/// jobs.</summary>
public sealed class Bars(ChaosCloud cloud, TextWriter log)
{
    private const int LongJobs = 6;
    private const int LongSteps = 900;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // A node that was started anew is the youngest; the scheduler is on the oldest.
    private readonly List<ChaosNode> _byAge = [.. cloud.Nodes];
    private int _made;

    public async Task<IReadOnlyList<Figure>> MeasureAsync(int rounds)
    {
        await cloud.StartAsync();
        return
        [
            await RepeatAsync(
                "a killed jobcloud-node has its jobs back under control, unharmed",
                3,
                rounds,
                () => KillNodeAsync(_byAge[^1])
            ),
            await RepeatAsync(
                "the same, where it had the scheduler",
                3,
                rounds,
                () => KillNodeAsync(_byAge[0])
            ),
            await RepeatAsync(
                "a lost machine's jobs run elsewhere, all of them",
                15,
                rounds,
                () => LoseMachineAsync(_byAge[^1])
            ),
            await RepeatAsync(
                "after the loss of the scheduler's machine new jobs start",
                15,
                rounds,
                LoseSchedulerAsync
            ),
            await RepeatAsync(
                "after a minute without its store the cloud takes and finishes jobs",
                15,
                rounds: 1,
                LoseStoreAsync
            ),
        ];
    }

    private async Task<Figure> RepeatAsync(
        string what,
        double bar,
        int rounds,
        Func<Task<double>> measure
    )
    {
        var took = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            took.Add(await measure());
            await log.WriteLineAsync($"{DateTime.UtcNow:HH:mm:ss} {what}: {took[^1]:F2} s");
            await log.FlushAsync();
            foreach (var node in cloud.Nodes)
                await ChaosCloud.IsReadyAsync(node);
        }
        return new Figure(what, bar, took);
    }

    /// <summary>Until a kill that is asked for through the node itself has killed one of its
    /// jobs.</summary>
    private async Task<double> KillNodeAsync(ChaosNode victim)
    {
        var jobs = await StartLongAsync();
        var there = jobs.Where(job => job.Lines[0].Node == victim.Name).ToArray();
        var clock = Stopwatch.StartNew();
        Processes.Signal(victim.NodePids, Processes.Kill);
        await Eventually.HoldsAsync(
            () => IsKilledAsync(victim, there[0].Jid),
            "a job of the killed node is killed",
            Limit
        );
        var took = clock.Elapsed.TotalSeconds;
        Renew(victim);
        await RunOnAsync(jobs.Except([there[0]]));
        await EndAsync(jobs);
        return took;
    }

    /// <summary>Until the last of its jobs has started on another node.</summary>
    private async Task<double> LoseMachineAsync(ChaosNode victim)
    {
        var jobs = await StartLongAsync();
        var there = jobs.Where(job => job.Lines[0].Node == victim.Name).ToArray();
        var lost = Now();
        victim.KillAll();
        await Eventually.HoldsAsync(
            () => there.All(static job => job.Lines.Any(static line => line.Attempt == 2)),
            "the jobs of the lost machine run elsewhere",
            Limit
        );
        await RunOnAsync(jobs.Except(there));
        victim.Start();
        Renew(victim);
        await EndAsync(jobs);
        return there.Max(job => job.Lines.First(static line => line.Attempt == 2).At) - lost;
    }

    /// <summary>Until the first of the jobs that were submitted since has started.</summary>
    private async Task<double> LoseSchedulerAsync()
    {
        var (victim, other) = (_byAge[0], _byAge[1]);
        var jobs = await StartLongAsync();
        var there = jobs.Where(job => job.Lines[0].Node == victim.Name).ToArray();
        var lost = Now();
        victim.KillAll();
        var fresh = await SubmitAsync(other, steps: 1);
        await Eventually.HoldsAsync(
            () => fresh.Lines.Count > 0,
            "a job that was submitted after the loss of the scheduler has started",
            Limit
        );
        await RunOnAsync(jobs.Except(there));
        victim.Start();
        Renew(victim);
        await EndAsync(jobs);
        return fresh.Lines[0].At - lost;
    }

    /// <summary>Until a job that ended meanwhile is done, and one that was submitted meanwhile has
    /// ended.</summary>
    private async Task<double> LoseStoreAsync()
    {
        var jobs = await StartLongAsync();
        var brief = await SubmitAsync(_byAge[0], steps: 50);
        await Eventually.HoldsAsync(() => brief.Lines.Count > 0, "a brief job has started", Limit);
        cloud.Store.Stop();
        var submitting = SubmitAsync(_byAge[1], steps: 1);
        await Task.Delay(Outage);
        cloud.Store.StartAgain();
        var clock = Stopwatch.StartNew();
        var late = await submitting;
        foreach (var job in new[] { brief, late })
            await Eventually.HoldsAsync(
                async () => await StatusAsync(_byAge[1], job.Jid) == Status.Done,
                $"job {job.Jid} is done",
                Limit
            );
        var took = clock.Elapsed.TotalSeconds;
        await RunOnAsync(jobs);
        await EndAsync(jobs);
        return took;
    }

    private void Renew(ChaosNode node)
    {
        _byAge.Remove(node);
        _byAge.Add(node);
    }

    /// <summary>Long jobs that run, some of them on every node; so few that any two nodes can hold
    /// them.</summary>
    private async Task<IReadOnlyList<LongJob>> StartLongAsync()
    {
        await cloud.AllReadyAsync(_byAge[0]);
        var jobs = new List<LongJob>();
        while (jobs.Count < LongJobs)
            jobs.Add(await SubmitAsync(_byAge[0], LongSteps));
        await Eventually.HoldsAsync(
            () => jobs.All(static job => job.Lines.Count > 0),
            "long jobs have started",
            Limit
        );
        if (!cloud.Nodes.All(node => jobs.Any(job => job.Lines[0].Node == node.Name)))
            throw new InvalidOperationException("jobs are not spread over all nodes");
        return jobs;
    }

    private async Task<LongJob> SubmitAsync(ChaosNode node, int steps)
    {
        var file = Path.Combine(cloud.Traces, $"bar{_made++}");
        Directory.CreateDirectory(cloud.Traces);
        var request = new SubmitRequest
        {
            Spec = JobSpecs.Tracing(file, steps, restartable: true),
            RequestId = Path.GetFileName(file),
        };
        while (true)
            try
            {
                return new LongJob((await node.Client.SubmitAsync(request)).First, file);
            }
            catch (RpcException)
            {
                await Task.Delay(50);
            }
    }

    private static async Task<bool> IsKilledAsync(ChaosNode through, long jid)
    {
        try
        {
            await through.Client.KillAsync(
                new KillRequest { Jobs = Selected(jid) },
                deadline: Soon
            );
            return await StatusAsync(through, jid) == Status.Killed;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    /// <summary>Null: the node does not tell.</summary>
    private static async Task<Status?> StatusAsync(ChaosNode through, long jid)
    {
        try
        {
            var request = new StatusRequest { Jobs = Selected(jid) };
            return (await through.Client.StatusAsync(request, deadline: Soon)).Runs[0].Status;
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private static DateTime Soon => DateTime.UtcNow + TimeSpan.FromSeconds(2);

    /// <summary>They are what they were, and go on.</summary>
    private static async Task RunOnAsync(IEnumerable<LongJob> jobs)
    {
        foreach (var job in jobs)
        {
            var count = job.Lines.Count;
            await Eventually.HoldsAsync(() => job.Lines.Count > count, $"job {job.Jid} runs on");
            if (job.Lines.Any(static line => line.Attempt != 1))
                throw new InvalidOperationException($"job {job.Jid} was started again");
        }
    }

    private async Task EndAsync(IReadOnlyList<LongJob> jobs)
    {
        foreach (var job in jobs)
            await Eventually.HoldsAsync(
                () => IsKilledAsync(_byAge[0], job.Jid),
                $"job {job.Jid} is killed",
                Limit
            );
    }

    private static Selection Selected(long jid) =>
        new()
        {
            Items =
            {
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                },
            },
        };

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    private sealed record LongJob(long Jid, string File)
    {
        public IReadOnlyList<TraceLine> Lines =>
            System.IO.File.Exists(File) ? Chaos.Traces.Parse(System.IO.File.ReadAllText(File)) : [];
    }
}
