using System.Runtime.CompilerServices;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Ports;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Waiting;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Waits for jobs on behalf of a client.</summary>
/// <param name="explanations">Tells whether a job waits for the place of the job that waits for
/// it.</param>
/// <param name="interval">The shortest time between two progress messages.</param>
/// <param name="deadlockAfter">How long such a wait lasts; zero: without limit.</param>
internal sealed class AwaitHandler(
    Selections selections,
    SegmentClient segments,
    Subscriptions subscriptions,
    PortWaiter ports,
    ExplainHandler explanations,
    TimeProvider clock,
    TimeSpan interval,
    TimeSpan deadlockAfter,
    FollowAdmission admission
)
{
    /// <summary>Runs of finished jobs in one message.</summary>
    private const int EndedPerMessage = 10_000;

    public async IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        AwaitRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var selected = await selections.ResolveAsync(request.Jobs, by, cancel);
        if (!selected.IsGranted)
        {
            yield return selected.Refusal;
            yield break;
        }
        var jobs = JidRanges.Normalize(selected.Reply);
        if (request.Mode == AwaitMode.Port)
        {
            await foreach (var outcome in AwaitPortAsync(request, jobs, by, cancel))
                yield return outcome;
            yield break;
        }
        var admitted = await admission.AdmitAsync(jobs, by);
        if (!admitted.IsGranted)
        {
            yield return admitted.Refusal;
            yield break;
        }
        using var place = admitted.Reply;
        var fold = new AwaitFold(jobs, request.Mode, request.Status);
        long? lastSent = null;
        var moves = IdleTicks.AddAsync(
            end => subscriptions.SubscribeAsync(jobs, false, by, end),
            () =>
                fold.HasNews && fold.IsComplete ? interval
                : request.Inside > 0 ? deadlockAfter
                : TimeSpan.Zero,
            clock,
            cancel
        );
        if (!fold.IsFinished)
            await foreach (var moved in moves)
            {
                if (moved is null && !fold.HasNews)
                {
                    if (await DeadlockAsync(fold, new Jid(request.Inside)) is not { } deadlock)
                        continue;
                    fold.End(deadlock);
                    break;
                }
                // News that came too early is sent when nothing else comes.
                if (moved is not null)
                    fold.Fold(moved);
                if (fold.IsFinished)
                    break;
                // The first message has the status counts of all jobs, as soon as all are known.
                var due = lastSent is { } last
                    ? clock.GetElapsedTime(last) >= interval
                    : fold.IsComplete;
                if (!fold.HasNews || !(due || moved is null || fold.Ended >= EndedPerMessage))
                    continue;
                lastSent = clock.GetTimestamp();
                yield return fold.Take(EndedPerMessage);
            }
        while (fold.Ended > EndedPerMessage)
            yield return fold.Take(EndedPerMessage);
        yield return await WithReasonAsync(fold.Take(EndedPerMessage), by);
    }

    /// <summary>The refusal to wait on, if a job waits in its place for one that needs it; null: it
    /// does not.</summary>
    private async Task<Refusal?> DeadlockAsync(AwaitFold fold, Jid holder) =>
        fold.IsAtStandstill
        && fold.First(Status.Queued) is { } jid
        && await explanations.HeldUpAsync(jid, holder) is { } why
            ? Deadlocks.Refusal(jid, holder, why, deadlockAfter)
            : null;

    private async IAsyncEnumerable<Outcome<AwaitReply>> AwaitPortAsync(
        AwaitRequest request,
        IReadOnlyList<JidRange> jobs,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (jobs is not [{ } one] || one.First != one.Last)
        {
            yield return PortMessages.NotOneJob();
            yield break;
        }
        var awaited = new AwaitedPort { Transport = request.Transport, Port = request.Port };
        await foreach (var outcome in ports.AwaitAsync(new Jid(one.First), awaited, by, cancel))
            yield return outcome.IsGranted ? await WithReasonAsync(outcome.Reply, by) : outcome;
    }

    /// <summary>Adds the reason for a job's failure to the refusal.</summary>
    private async Task<AwaitReply> WithReasonAsync(AwaitReply last, Identity by)
    {
        if (last.Refusal is not { Code: RefusalCode.Unspecified } failure)
            return last;
        var job = await segments.DetailAsync(new Jid(failure.Jid), by);
        if (job.IsGranted && job.Reply.Reason is { } reason)
            failure.Message = $"{failure.Message.TrimEnd('.')}: {ReasonText.For(reason)}.";
        return last;
    }
}
