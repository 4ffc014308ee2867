using Akka.Actor;
using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Node.Daemon.Submissions.Tokens;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>
/// Lets one node at a time submit under a request id, so that the next one finds what was
/// submitted. Those of one node its submitter joins.
/// </summary>
/// <param name="claims">Null: there are no other nodes.</param>
/// <param name="within">How long other nodes may hold the id, and the index may take to
/// answer.</param>
internal sealed class RequestIds(IClaims? claims, IActorRef index, TimeSpan within)
{
    /// <summary>The answer to a submission under this id; null: it is new, and no other node
    /// submits under it until it is released.</summary>
    public async Task<JobsSubmitted?> ClaimAsync(TokenKey key)
    {
        if (!await IsTakenAsync(key))
            return new(
                0,
                0,
                Refusals.Of(
                    RefusalCode.Busy,
                    0,
                    $"Another submission with the request id {key.Token} is still under way; try again."
                )
            );
        var isNew = false;
        try
        {
            var find = new FindRequest(key.Token, key.Owner);
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

    public void Release(TokenKey key) => claims?.Give(key);

    private async Task<bool> IsTakenAsync(TokenKey key)
    {
        if (claims is null)
            return true;
        using var limit = new CancellationTokenSource(within);
        try
        {
            await claims.TakeAsync(key, limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
