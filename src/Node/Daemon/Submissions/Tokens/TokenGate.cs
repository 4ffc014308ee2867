using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Submissions.Tokens;

/// <summary>
/// Lets the submissions of one token through one after another, so that the second finds what the first
/// has made: those of this node here, those of different nodes by what all of them share.
/// </summary>
/// <param name="claims">Null: there are no other nodes.</param>
/// <param name="within">How long one may wait for those before it.</param>
public sealed class TokenGate(IClaims? claims, TimeSpan within)
{
    private readonly Dictionary<TokenKey, Task<SubmitReply?>> turns = [];

    /// <param name="submit">Answers what was submitted under the token before, or submits.</param>
    public async Task<Outcome<SubmitReply>> OnceAsync(
        TokenKey key,
        Func<Task<Outcome<SubmitReply>>> submit,
        CancellationToken cancel
    )
    {
        var turn = new TaskCompletionSource<SubmitReply?>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        var earlier = Queue(key, turn.Task);
        SubmitReply? reply = null;
        try
        {
            if (earlier is not null && await earlier.WaitAsync(within, cancel) is { } same)
                return reply = same;
            var outcome = await ClaimedAsync(key, submit, cancel);
            reply = outcome.Reply;
            return outcome;
        }
        catch (TimeoutException)
        {
            return Refusals.Of(
                RefusalCode.Busy,
                0,
                $"Another submission with the request id {key.Token} is still under way; try again."
            );
        }
        finally
        {
            Leave(key, turn, earlier, reply);
        }
    }

    private async Task<Outcome<SubmitReply>> ClaimedAsync(
        TokenKey key,
        Func<Task<Outcome<SubmitReply>>> submit,
        CancellationToken cancel
    )
    {
        if (claims is null)
            return await submit();
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel))
        {
            limit.CancelAfter(within);
            try
            {
                await claims.TakeAsync(key, limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new TimeoutException();
            }
        }
        var outcome = await submit();
        // What may still come of it, another one must not submit beside it: the claim runs out by itself.
        if (outcome.Refusal is not { Code: RefusalCode.StoreUnavailable })
            claims.Give(key);
        return outcome;
    }

    /// <summary>The one before; null: it is the first.</summary>
    private Task<SubmitReply?>? Queue(TokenKey key, Task<SubmitReply?> turn)
    {
        lock (turns)
        {
            var earlier = turns.GetValueOrDefault(key);
            turns[key] = turn;
            return earlier;
        }
    }

    private void Leave(
        TokenKey key,
        TaskCompletionSource<SubmitReply?> turn,
        Task<SubmitReply?>? earlier,
        SubmitReply? reply
    )
    {
        // Who lost patience leaves those behind it waiting for those before it.
        if (earlier is { IsCompleted: false })
            _ = earlier.ContinueWith(before => Close(before.Result), TaskScheduler.Default);
        else
            Close(reply);

        void Close(SubmitReply? made)
        {
            lock (turns)
                if (turns.GetValueOrDefault(key) == turn.Task)
                    turns.Remove(key);
            turn.SetResult(made);
        }
    }
}
