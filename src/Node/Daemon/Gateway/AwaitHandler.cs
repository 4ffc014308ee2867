using System.Runtime.CompilerServices;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Waiting;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Waits for jobs on behalf of a client.</summary>
/// <param name="interval">The shortest time between two messages of progress.</param>
public sealed class AwaitHandler(
    Selections selections,
    Subscriptions subscriptions,
    TimeProvider clock,
    TimeSpan interval
)
{
    public async IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        AwaitRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var selected = await selections.ResolveAsync(request.Jobs, by, cancel);
        if (!selected.Granted)
        {
            yield return selected.Refusal;
            yield break;
        }
        var jobs = JidRanges.Normalize(selected.Reply);
        var fold = new AwaitFold(jobs, request.Mode, request.Status);
        var told = clock.GetTimestamp();
        if (!fold.IsFinished)
            await foreach (var moved in subscriptions.ListenAsync(jobs, false, cancel))
            {
                fold.Fold(moved);
                if (fold.IsFinished)
                    break;
                if (!fold.HasNews || clock.GetElapsedTime(told) < interval)
                    continue;
                told = clock.GetTimestamp();
                yield return fold.Take();
            }
        yield return fold.Take();
    }
}
