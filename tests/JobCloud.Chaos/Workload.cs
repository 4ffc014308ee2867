using System.Collections.Concurrent;
using Grpc.Core;
using JobCloud.Protocol.Api;

namespace JobCloud.Chaos;

/// <summary>An acknowledged job.</summary>
public sealed record AcknowledgedJob(string RequestId, long Jid, bool Restartable);

/// <summary>Submits jobs to any node that answers, and repeats each with the same request ID until
/// one does.</summary>
public sealed class Workload(IReadOnlyList<ChaosNode> nodes, string folder, int seed)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a submission is repeated after the last fault.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(150);
    private int _unacknowledged;
    private readonly ConcurrentBag<AcknowledgedJob> _acknowledged = [];
    private readonly ConcurrentDictionary<string, int> _refusals = [];

    public IReadOnlyCollection<AcknowledgedJob> Jobs => _acknowledged;

    /// <summary>The number of refusals by message, while the cloud could not accept a
    /// job.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    /// <summary>The number of submissions that no node accepted.</summary>
    public int Unacknowledged => _unacknowledged;

    public string FileOf(string token) => Path.Combine(folder, token);

    /// <summary>Submits at this rate until cancelled.</summary>
    public async Task RunAsync(double perSecond, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        var submissions = new List<Task>();
        using var giveUp = new CancellationTokenSource();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var restartable = random.Next(5) > 0;
            var request = Request($"job{i}", Steps(random), restartable);
            submissions.Add(SubmitAsync(request, first: random.Next(nodes.Count), giveUp.Token));
            await Task.Delay(TimeSpan.FromSeconds(1 / perSecond), stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        giveUp.CancelAfter(GiveUpAfter);
        await Task.WhenAll(submissions);
    }

    private SubmitRequest Request(string token, int steps, bool restartable) =>
        new() { Spec = JobSpecs.Tracing(FileOf(token), steps, restartable), RequestId = token };

    // Most jobs are short; one in ten runs longer than any fault of its node.
    private static int Steps(Random random) =>
        random.Next(10) == 0 ? random.Next(200, 400) : random.Next(1, 60);

    private async Task SubmitAsync(SubmitRequest request, int first, CancellationToken giveUp)
    {
        for (var turn = first; !giveUp.IsCancellationRequested; turn++)
            try
            {
                var reply = await nodes[turn % nodes.Count]
                    .Client.SubmitAsync(request, deadline: DateTime.UtcNow + Timeout);
                _acknowledged.Add(
                    new(request.RequestId, reply.First, !request.Spec.NotRestartable)
                );
                return;
            }
            catch (RpcException refused)
            {
                var reason = refused.Status.Detail.Split('(')[0].Replace(request.RequestId, "…");
                _refusals.AddOrUpdate(
                    $"{refused.StatusCode}: {reason}",
                    1,
                    static (_, count) => count + 1
                );
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        Interlocked.Increment(ref _unacknowledged);
    }
}
