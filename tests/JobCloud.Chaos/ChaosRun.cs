using System.Runtime.CompilerServices;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>What is run, and what is done to it.</summary>
/// <param name="Faults">In their order.</param>
/// <param name="Programs">The folder of the executor; the built one, or the published one.</param>
/// <param name="Settings">HOCON over the nodes' own.</param>
public sealed record ChaosSetup(
    int Seed,
    int Nodes,
    TimeSpan Length,
    double JobsPerSecond,
    IReadOnlyList<Fault> Faults,
    string Programs,
    string Settings = ""
);

/// <summary>What came of it.</summary>
/// <param name="Settled">From the last repair until every job had ended; null: not in time.</param>
public sealed record ChaosResult(
    IReadOnlyList<JobFate> Jobs,
    IReadOnlyList<Violation> Violations,
    IReadOnlyDictionary<string, int> Refusals,
    TimeSpan? Settled
);

/// <summary>A cloud of real processes on one store, under load and under fire.</summary>
public sealed class ChaosRun : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(150);

    private readonly ChaosSetup setup;
    private readonly TextWriter log;
    private readonly PostgreSql store = PostgreSql.Start();
    private readonly string folder = Directory.CreateTempSubdirectory("jc-chaos-").FullName;
    private readonly IReadOnlyList<ChaosNode> nodes;
    private readonly Workload workload;

    public ChaosRun(ChaosSetup setup, TextWriter log)
    {
        (this.setup, this.log) = (setup, log);
        var port = FreePorts(setup.Nodes);
        nodes =
        [
            .. Enumerable
                .Range(0, setup.Nodes)
                .Select(i => new ChaosNode(
                    folder,
                    $"n{i + 1}",
                    port[i],
                    store.Connection,
                    setup.Programs,
                    setup.Settings
                )),
        ];
        workload = new Workload(nodes, Path.Combine(folder, "traces"), setup.Seed);
    }

    public async Task<ChaosResult> RunAsync()
    {
        foreach (var node in nodes)
            node.Start();
        foreach (var node in nodes)
            await Eventually.HoldsAsync(node.IsReadyAsync, $"{node.Name} is ready", StartLimit);
        using var stop = new CancellationTokenSource(setup.Length);
        var working = workload.RunAsync(setup.JobsPerSecond, stop.Token);
        await new Killer(nodes, store, log).RunAsync(setup.Faults);
        await working;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var settled = await HaveEndedAsync();
        var took = clock.Elapsed;
        var jobs = await FatesAsync();
        var leftovers = await StopAsync();
        return new ChaosResult(
            jobs,
            Checker.Judge(jobs, leftovers),
            workload.Refusals,
            settled ? took : null
        );
    }

    /// <summary>The folder of the executor in the build that this program is of.</summary>
    public static string BuiltPrograms([CallerFilePath] string here = "")
    {
        var root = Path.GetFullPath($"{Path.GetDirectoryName(here)}/../..");
        var pivot = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')).Split('_')[0];
        return Directory
            .EnumerateDirectories($"{root}/artifacts/bin/JobCloud.Node.Executor")
            .First(path => Path.GetFileName(path).StartsWith(pivot, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        foreach (var node in nodes)
        {
            Processes.Signal(node.All.Keys, Processes.Kill);
            node.Dispose();
        }
        store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> HaveEndedAsync()
    {
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    await Task.Delay(200);
                    var details = await DetailsAsync();
                    return details is not null
                        && details.Values.All(static job =>
                            job?.Status
                                is not (Status.Waiting or Status.Queued or Status.Processing)
                        );
                },
                "all jobs have ended",
                EndLimit
            );
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<JobFate>> FatesAsync()
    {
        IReadOnlyDictionary<long, JobDetail?>? details = null;
        await Eventually.HoldsAsync(
            async () => (details = await DetailsAsync()) is not null,
            "a node tells of the jobs",
            EndLimit
        );
        return
        [
            .. workload
                .Jobs.OrderBy(job => job.Jid)
                .Select(job =>
                {
                    var detail = details![job.Jid];
                    var file = workload.FileOf(job.Token);
                    return new JobFate(
                        job.Token,
                        job.Jid,
                        job.Restartable,
                        detail?.Status,
                        detail?.Attempt ?? 0,
                        File.Exists(file) ? Traces.Parse(File.ReadAllText(file)) : []
                    );
                }),
        ];
    }

    /// <summary>Every acknowledged job, null where there is no such one; or null: no node answers.</summary>
    private async Task<IReadOnlyDictionary<long, JobDetail?>?> DetailsAsync()
    {
        var jids = workload.Jobs.Select(static job => job.Jid).Distinct().ToArray();
        try
        {
            var found = await Task.WhenAll(jids.Chunk(100).Select(DetailsAsync));
            return found.SelectMany(static some => some).ToDictionary();
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private async Task<Dictionary<long, JobDetail?>> DetailsAsync(long[] jids)
    {
        var details = jids.ToDictionary(static jid => jid, static JobDetail? (_) => null);
        var request = new InfoRequest { Jobs = new Selection(), Items = { "status", "attempt" } };
        foreach (var jid in jids)
            request.Jobs.Items.Add(
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                }
            );
        using var call = nodes[(int)(jids[0] % nodes.Count)]
            .Client.Info(request, deadline: DateTime.UtcNow + TimeSpan.FromSeconds(30));
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
                details[call.ResponseStream.Current.Jid] = call.ResponseStream.Current;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.NotFound)
        {
            // One of them is unknown: which one, is seen when they are asked one by one.
            if (jids.Length == 1)
                return details;
            foreach (var jid in jids)
                details[jid] = (await DetailsAsync([jid]))[jid];
        }
        return details;
    }

    /// <summary>What is left of the nodes after they were asked to end.</summary>
    private async Task<IReadOnlyList<string>> StopAsync()
    {
        foreach (var node in nodes)
            node.Stop();
        try
        {
            await Eventually.HoldsAsync(
                () => nodes.All(node => node.All.Count == 0),
                "all processes have ended",
                TimeSpan.FromSeconds(30)
            );
            return [];
        }
        catch (TimeoutException)
        {
            return [.. nodes.SelectMany(node => node.All.Values)];
        }
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable
            .Range(0, count)
            .Select(_ => new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0))
            .ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var ports = listeners
            .Select(listener => ((System.Net.IPEndPoint)listener.LocalEndpoint).Port)
            .ToArray();
        foreach (var listener in listeners)
            listener.Stop();
        return ports;
    }
}
