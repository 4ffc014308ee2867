using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>
/// Claims request IDs, so that only one node at a time submits under an ID and the next one finds
/// the earlier submission. Within a node the submitter gives concurrent submissions with the same
/// ID one answer.
/// </summary>
/// <param name="claims">Null: no other node shares the store.</param>
/// <param name="within">Time limit of waiting for other nodes to release the ID, and of the index's
/// answer.</param>
internal sealed class RequestIdClaims(IClaimStore? claims, IActorRef index, TimeSpan within)
{
    /// <summary>Claims an ID. Returns the answer to the earlier submission under it; null: the ID
    /// is new, and no other node submits under it until it is released.</summary>
    public async Task<JobsSubmitted?> ClaimAsync(RequestKey key)
    {
        if (!await IsTakenAsync(key))
            return new(
                0,
                0,
                Refusals.Of(
                    RefusalCode.Busy,
                    $"Another submission with the request ID {key.RequestId} is still in progress; try again."
                )
            );
        var isNew = false;
        try
        {
            var find = new FindRequest(key.RequestId, key.Owner);
            var found = await index.Ask<RequestFound>(find, within);
            isNew = found.First == 0;
            return isNew ? null : new(found.First, found.Last);
        }
        finally
        {
            if (!isNew)
                Release(key);
        }
    }

    public void Release(RequestKey key) => claims?.Release(key);

    private async Task<bool> IsTakenAsync(RequestKey key)
    {
        if (claims is null)
            return true;
        using var limit = new CancellationTokenSource(within);
        try
        {
            await claims.AcquireAsync(key, limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
