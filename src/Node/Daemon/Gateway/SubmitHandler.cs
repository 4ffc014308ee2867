using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Protocol;
using JobCloud.Protocol.Accounts;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Validates a whole submission, then has the submitter assign jids to it and commit
/// it.</summary>
/// <param name="dependencySegmentsMax">Maximum number of segments that a submission depends
/// on.</param>
internal sealed class SubmitHandler(
    Selections selections,
    SegmentClient segments,
    IActorRef submitter,
    EnvironmentResolver surroundings,
    CapacityChecker capacities,
    SubmissionLimits limits,
    TimeSpan within,
    int dependencySegmentsMax
)
{
    /// <summary>Time after which a shell job in which no terminal opens ends, if the job
    /// specifies none; zero: never.</summary>
    public TimeSpan ShellIdleLimit { get; init; }

    /// <summary>Keeps bytes that a user sent, and returns their name.</summary>
    public required Func<ByteString, string, CancellationToken, Task<BlobRef>> Keep { get; init; }

    /// <summary>The accounts of users whose accounts have other names.</summary>
    public AccountMapping Accounts { get; init; } = AccountMapping.None;

    /// <summary>The directory with the directories of this node's jobs.</summary>
    public required string OwnDirectories { get; init; }

    public async Task<Outcome<SubmitReply>> SubmitAsync(
        SubmitRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var prepared = await PrepareAsync(request, by, cancel);
        if (!prepared.IsGranted)
            return prepared.Refusal;
        var (spec, noNode) = prepared.Reply;
        if (request.DryRun)
            return new SubmitReply { NoNode = noNode };
        await MoveAsync(prepared.Reply, request, by, cancel);
        var part = new SubmissionPart(
            Facts(request, spec, by, request.RequestId),
            Math.Max(1, request.Count)
        );
        var sent = await SendAsync(new([part]) { Series = request.Series }, cancel);
        return sent.IsGranted
            ? new SubmitReply
            {
                First = sent.Reply.First,
                Last = sent.Reply.Last,
                NoNode = noNode,
            }
            : sent.Refusal;
    }

    /// <summary>Submits all or nothing: everything is checked before anything is sent, and what is
    /// sent is one commit.</summary>
    public async Task<Outcome<SubmitListReply>> SubmitListAsync(
        SubmitListRequest list,
        Identity by,
        CancellationToken cancel
    )
    {
        var requests = list.Submissions;
        if (SubmissionList.Check(list, limits) is { } invalid)
            return invalid;
        var all = await Task.WhenAll(requests.Select(one => PrepareAsync(one, by, cancel)));
        for (var i = 0; i < all.Length; i++)
            if (all[i].Refusal is { } refusal)
                return SubmissionList.At(i, refusal);
        for (var i = 0; i < all.Length; i++)
            await MoveAsync(all[i].Reply!, requests[i], by, cancel);
        var parts = requests
            .Select(
                (one, i) =>
                    new SubmissionPart(
                        Facts(one, all[i].Reply!.Spec, by, list.RequestId),
                        Math.Max(1, one.Count)
                    )
            )
            .ToList();
        if (
            SubmissionList.CheckSize(parts.Sum(part => (long)part.Facts.CalculateSize()), limits) is
            { } large
        )
            return large;
        var sent = await SendAsync(new(parts), cancel);
        if (!sent.IsGranted)
            return sent.Refusal;
        var noNodes = all.Select(one => one.Reply!.NoNode).ToList();
        return SubmissionList.Reply(list, sent.Reply.First, sent.Reply.Last, noNodes) is { } reply
            ? reply
            : SubmissionList.OfAnother(list.RequestId);
    }

    /// <summary>What a submission becomes.</summary>
    /// <param name="NoNode">Why no node can run it now; empty: one can.</param>
    private sealed record Prepared(JobSpec Spec, string NoNode);

    private async Task<Outcome<Prepared>> PrepareAsync(
        SubmitRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        if (Check(request) is { } invalid)
            return invalid;
        var account = Accounts.AccountOf(by.User, by.Account);
        if (!account.Ok)
            return Refusals.Of(RefusalCode.NotAllowed, account.Error.Message);
        var spec = request.Spec.Clone();
        spec.Account = account.Value;
        limits.CoreTypes.Resolve(spec);
        if (spec.ShellJob is { IdleMs: 0 } shell)
            shell.IdleMs = (long)ShellIdleLimit.TotalMilliseconds;
        if (await surroundings.ResolveAsync(spec, cancel) is { } unresolved)
            return unresolved;
        SubmissionPlaces.Complete(spec, request.Place, OwnDirectories);
        if (request.Dependencies is { Items.Count: > 0 } dependencies)
        {
            // A job whose end cannot be looked up any more cannot be a dependency, not even in a
            // range.
            var found = await selections.ResolveNamedAsync(dependencies, by, cancel);
            if (!found.IsGranted)
                return found.Refusal;
            var jobs = JidRanges.Normalize(found.Reply);
            if (SelectionCheck.OfDependencies(jobs) is { } scattered)
                return scattered;
            if (await segments.CheckAsync(jobs, by, dependencySegmentsMax) is { } missing)
                return missing;
            spec.DependsOn.AddRange(jobs);
        }
        var fit = await capacities.WhyNoneAsync(spec, cancel);
        if (request.Strict && !fit.IsGranted)
            return fit.Refusal;
        var noNode = fit.IsGranted ? fit.Reply : "";
        return request.Strict && noNode.Length > 0
            ? Refusals.Of(
                RefusalCode.NotFound,
                $"Nothing was submitted: {noNode}. Ask for less, or omit --strict and it waits."
            )
            : new Prepared(spec, noNode);
    }

    private Task MoveAsync(
        Prepared prepared,
        SubmitRequest request,
        Identity by,
        CancellationToken cancel
    ) =>
        SentContents.MoveAsync(
            prepared.Spec,
            request.Columns,
            bytes => Keep(bytes, by.User, cancel)
        );

    private Refusal? Check(SubmitRequest request)
    {
        var problems = SubmissionCheck.Check(request, limits);
        return problems.Count == 0
            ? null
            : Refusals.Of(problems[0].Code, string.Join(' ', problems.Select(p => p.Message)));
    }

    private static Submitted Facts(
        SubmitRequest request,
        JobSpec spec,
        Identity by,
        string requestId
    ) =>
        new()
        {
            Spec = spec,
            Columns = { request.Columns },
            IsMap = request.IsMap,
            Owner = by.User,
            RequestId = requestId,
            DependsOn = { JidRanges.SplitBySegment(spec.DependsOn) },
        };

    private async Task<Outcome<JobsSubmitted>> SendAsync(SubmitJobs jobs, CancellationToken cancel)
    {
        try
        {
            var done = await submitter.Ask<JobsSubmitted>(jobs, within, cancel);
            return done.Refusal is { } refusal ? refusal : done;
        }
        catch (AskTimeoutException)
        {
            return Refusals.Of(
                RefusalCode.StoreUnavailable,
                $"The submission was not acknowledged within {within.TotalSeconds:F0} s; it may still be committed. With --request-id it is safe to try again."
            );
        }
    }
}
