using System.Collections.Concurrent;
using Grpc.Core;
using JobCloud.Protocol.Api;

namespace JobCloud.Chaos;

/// <summary>A job that the cloud has acknowledged.</summary>
public sealed record Acknowledged(string Token, long Jid, bool Restartable);

/// <summary>Submits jobs to any node that answers, and repeats each with its token until one
/// does.</summary>
public sealed class Workload(IReadOnlyList<ChaosNode> nodes, string folder, int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentBag<Acknowledged> _acknowledged = [];
    private readonly ConcurrentDictionary<string, int> _refusals = [];

    public IReadOnlyCollection<Acknowledged> Jobs => _acknowledged;

    /// <summary>How often clients were told what, while the cloud could not take a job.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    public string FileOf(string token) => Path.Combine(folder, token);

    /// <summary>Submits until it is cancelled, some jobs a second.</summary>
    public async Task RunAsync(double perSecond, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        var underWay = new List<Task>();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var restartable = random.Next(5) > 0;
            var request = Request($"job{i}", Steps(random), restartable);
            underWay.Add(SubmitAsync(request, first: random.Next(nodes.Count)));
            await Task.Delay(TimeSpan.FromSeconds(1 / perSecond), stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(underWay);
    }

    private SubmitRequest Request(string token, int steps, bool restartable) =>
        new() { Spec = JobSpecs.Tracing(FileOf(token), steps, restartable), RequestId = token };

    // Most are short; one in ten outlives all that is done to its node.
    private static int Steps(Random random) =>
        random.Next(10) == 0 ? random.Next(200, 400) : random.Next(1, 60);

    private async Task SubmitAsync(SubmitRequest request, int first)
    {
        for (var turn = first; ; turn++)
            try
            {
                var reply = await nodes[turn % nodes.Count]
                    .Client.SubmitAsync(request, deadline: DateTime.UtcNow + Patience);
                _acknowledged.Add(
                    new(request.RequestId, reply.First, !request.Spec.NotRestartable)
                );
                return;
            }
            catch (RpcException refused)
            {
                var why = refused.Status.Detail.Split('(')[0].Replace(request.RequestId, "…");
                _refusals.AddOrUpdate(
                    $"{refused.StatusCode}: {why}",
                    1,
                    static (_, count) => count + 1
                );
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
    }
}
