using System.Diagnostics;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>Measures how soon a cloud of three nodes recovers from a loss while long jobs are
/// running.</summary>
public sealed class RecoveryTimes(ChaosCloud cloud, TextWriter log)
{
    private const int LongJobs = 6;
    private const int LongSteps = 900;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // A restarted node is the youngest; the scheduler is on the oldest node.
    private readonly List<ChaosNode> _byAge = [.. cloud.Nodes];
    private int _fileCount;

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(int rounds)
    {
        await cloud.StartAsync();
        return
        [
            await RepeatAsync(
                "a killed jobcloud-node controls its running jobs again",
                3,
                rounds,
                () => KillNodeAsync(_byAge[^1])
            ),
            await RepeatAsync(
                "the same, on the node with the scheduler",
                3,
                rounds,
                () => KillNodeAsync(_byAge[0])
            ),
            await RepeatAsync(
                "all jobs of a lost machine run on other nodes",
                15,
                rounds,
                () => LoseMachineAsync(_byAge[^1])
            ),
            await RepeatAsync(
                "new jobs start after the loss of the scheduler's machine",
                15,
                rounds,
                LoseSchedulerAsync
            ),
            await RepeatAsync(
                "the cloud accepts and finishes jobs after a minute without its store",
                15,
                rounds: 1,
                LoseStoreAsync
            ),
        ];
    }

    private async Task<Measurement> RepeatAsync(
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
        return new Measurement(what, bar, took);
    }

    /// <summary>Measures until a kill requested through the node itself has killed one of its
    /// jobs.</summary>
    private async Task<double> KillNodeAsync(ChaosNode victim)
    {
        var jobs = await StartLongAsync();
        var onVictim = jobs.Where(job => job.Lines[0].Node == victim.Name).ToArray();
        var clock = Stopwatch.StartNew();
        Processes.Signal(victim.NodePids, Processes.Kill);
        await Eventually.HoldsAsync(
            () => IsKilledAsync(victim, onVictim[0].Jid),
            "a job of the killed node was killed",
            Limit
        );
        var took = clock.Elapsed.TotalSeconds;
        MakeYoungest(victim);
        await ContinueAsync(jobs.Except([onVictim[0]]));
        await EndAsync(jobs);
        return took;
    }

    /// <summary>Measures until the last of its jobs has started on another node.</summary>
    private async Task<double> LoseMachineAsync(ChaosNode victim)
    {
        var jobs = await StartLongAsync();
        var onVictim = jobs.Where(job => job.Lines[0].Node == victim.Name).ToArray();
        var lost = Now();
        victim.KillAll();
        await Eventually.HoldsAsync(
            () => onVictim.All(static job => job.Lines.Any(static line => line.Attempt == 2)),
            "the jobs of the lost machine run on other nodes",
            Limit
        );
        await ContinueAsync(jobs.Except(onVictim));
        victim.Start();
        MakeYoungest(victim);
        await EndAsync(jobs);
        return onVictim.Max(job => job.Lines.First(static line => line.Attempt == 2).At) - lost;
    }

    /// <summary>Measures until the first job submitted after the loss has started.</summary>
    private async Task<double> LoseSchedulerAsync()
    {
        var (victim, other) = (_byAge[0], _byAge[1]);
        var jobs = await StartLongAsync();
        var onVictim = jobs.Where(job => job.Lines[0].Node == victim.Name).ToArray();
        var lost = Now();
        victim.KillAll();
        var newJob = await SubmitAsync(other, steps: 1);
        await Eventually.HoldsAsync(
            () => newJob.Lines.Count > 0,
            "a job submitted after the loss of the scheduler started",
            Limit
        );
        await ContinueAsync(jobs.Except(onVictim));
        victim.Start();
        MakeYoungest(victim);
        await EndAsync(jobs);
        return newJob.Lines[0].At - lost;
    }

    /// <summary>Measures until a job that ended during the outage is done, and one submitted during
    /// it has ended.</summary>
    private async Task<double> LoseStoreAsync()
    {
        var jobs = await StartLongAsync();
        var shortJob = await SubmitAsync(_byAge[0], steps: 50);
        await Eventually.HoldsAsync(() => shortJob.Lines.Count > 0, "a short job started", Limit);
        cloud.Store.Stop();
        var submitting = SubmitAsync(_byAge[1], steps: 1);
        await Task.Delay(Outage);
        cloud.Store.Restart();
        var clock = Stopwatch.StartNew();
        var late = await submitting;
        foreach (var job in new[] { shortJob, late })
            await Eventually.HoldsAsync(
                async () => await StatusAsync(_byAge[1], job.Jid) == Status.Done,
                $"job {job.Jid} is done",
                Limit
            );
        var took = clock.Elapsed.TotalSeconds;
        await ContinueAsync(jobs);
        await EndAsync(jobs);
        return took;
    }

    private void MakeYoungest(ChaosNode node)
    {
        _byAge.Remove(node);
        _byAge.Add(node);
    }

    /// <summary>Starts long jobs, at least one on every node, and so few that any two nodes can run
    /// them all.</summary>
    private async Task<IReadOnlyList<LongJob>> StartLongAsync()
    {
        await cloud.AllReadyAsync(_byAge[0]);
        var jobs = new List<LongJob>();
        while (jobs.Count < LongJobs)
            jobs.Add(await SubmitAsync(_byAge[0], LongSteps));
        await Eventually.HoldsAsync(
            () => jobs.All(static job => job.Lines.Count > 0),
            "the long jobs started",
            Limit
        );
        if (!cloud.Nodes.All(node => jobs.Any(job => job.Lines[0].Node == node.Name)))
            throw new InvalidOperationException("the long jobs do not run on all nodes");
        return jobs;
    }

    private async Task<LongJob> SubmitAsync(ChaosNode node, int steps)
    {
        var file = Path.Combine(cloud.Traces, $"bar{_fileCount++}");
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

    /// <summary>Returns a job's status; null: the node does not answer.</summary>
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

    /// <summary>Asserts that the jobs continue in their first attempt.</summary>
    private static async Task ContinueAsync(IEnumerable<LongJob> jobs)
    {
        foreach (var job in jobs)
        {
            var count = job.Lines.Count;
            await Eventually.HoldsAsync(() => job.Lines.Count > count, $"job {job.Jid} continues");
            if (job.Lines.Any(static line => line.Attempt != 1))
                throw new InvalidOperationException($"job {job.Jid} was restarted");
        }
    }

    private async Task EndAsync(IReadOnlyList<LongJob> jobs)
    {
        foreach (var job in jobs)
            await Eventually.HoldsAsync(
                () => IsKilledAsync(_byAge[0], job.Jid),
                $"job {job.Jid} was killed",
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
