using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Submissions;

/// <content>The references to contents, which are written before a submission is sent: from then on
/// its contents stay.</content>
internal sealed partial class SubmitterActor
{
    /// <summary>Writes the references to the contents of the next submission. Nothing is sent
    /// meanwhile, so its jid stays the next one.</summary>
    private void Bind(PendingSubmission ticket, long first)
    {
        _isWaiting = true;
        var (blobs, owner) = (ticket.Request.Blobs, ticket.Request.Owner);
        _ports
            .BindBlobs(blobs, owner, first, first + ticket.Request.Count - 1)
            .PipeTo(
                Self,
                success: missing => new Bound(ticket, first, missing),
                failure: cause => new BindFailed(ticket, cause)
            );
    }

    private void Continue(Bound bound)
    {
        if (bound.Missing.Count == 0)
            bound.Ticket.BoundFirst = bound.First;
        else if (Leave(bound.Ticket))
            Close(bound.Ticket, new JobsSubmitted(0, 0, SentContents.Missing(bound.Missing)));
        _isWaiting = false;
        Advance();
    }

    private void GiveUp(BindFailed failed)
    {
        if (Leave(failed.Ticket))
        {
            if (failed.Ticket.IsClaimed)
                _ports.RequestIds.Release(failed.Ticket.Request.Key!.Value);
            Fail(failed.Ticket, failed.Cause);
        }
        _isWaiting = false;
        Advance();
    }

    /// <summary>Takes a submission out of the queue; false: it is not its head any more.</summary>
    private bool Leave(PendingSubmission ticket)
    {
        if (!_queued.TryPeek(out var head) || head != ticket)
            return false;
        _queued.Dequeue();
        return true;
    }

    private sealed record Bound(
        PendingSubmission Ticket,
        long First,
        IReadOnlyList<BlobRef> Missing
    );

    private sealed record BindFailed(PendingSubmission Ticket, Exception Cause);
}
