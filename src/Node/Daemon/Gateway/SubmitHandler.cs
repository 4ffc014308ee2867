using Akka.Actor;
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
    SubmissionLimits limits,
    TimeSpan within,
    int dependencySegmentsMax
)
{
    /// <summary>Time after which a shell job in which no terminal opens ends, if the job
    /// specifies none; zero: never.</summary>
    public TimeSpan ShellIdleLimit { get; init; }

    /// <summary>The accounts of users whose accounts have other names.</summary>
    public AccountMapping Accounts { get; init; } = AccountMapping.None;

    public async Task<Outcome<SubmitReply>> SubmitAsync(
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
        spec.CoreType = limits.CoreTypes.Find(spec.CoreType)!.Name;
        var resources = limits.CoreTypes.Resolve(spec.CoreType, spec.Cores, spec.MemoryBytes)!;
        (spec.Cores, spec.MemoryBytes) = (resources.Cores, resources.MemoryBytes);
        if (spec.ShellJob is { IdleMs: 0 } shell)
            shell.IdleMs = (long)ShellIdleLimit.TotalMilliseconds;
        if (await surroundings.ResolveAsync(spec, cancel) is { } unresolved)
            return unresolved;
        if (request.Dependencies is { Items.Count: > 0 } dependencies)
        {
            var found = await selections.ResolveAsync(dependencies, by, cancel);
            if (!found.IsGranted)
                return found.Refusal;
            var jobs = JidRanges.Normalize(found.Reply);
            if (SelectionCheck.OfDependencies(jobs) is { } scattered)
                return scattered;
            if (await segments.CheckAsync(jobs, by, dependencySegmentsMax) is { } missing)
                return missing;
            spec.DependsOn.AddRange(jobs);
        }
        if (request.DryRun)
            return new SubmitReply();
        return await SendAsync(Facts(request, spec, by), Math.Max(1, request.Count), cancel);
    }

    private Refusal? Check(SubmitRequest request)
    {
        var problems = SubmissionCheck.Check(request, limits);
        return problems.Count == 0
            ? null
            : Refusals.Of(problems[0].Code, string.Join(' ', problems.Select(p => p.Message)));
    }

    private static Submitted Facts(SubmitRequest request, JobSpec spec, Identity by) =>
        new()
        {
            Spec = spec,
            Columns = { request.Columns },
            IsMap = request.IsMap,
            Owner = by.User,
            RequestId = request.RequestId,
            DependsOn = { JidRanges.SplitBySegment(spec.DependsOn) },
        };

    private async Task<Outcome<SubmitReply>> SendAsync(
        Submitted facts,
        long count,
        CancellationToken cancel
    )
    {
        try
        {
            var done = await submitter.Ask<JobsSubmitted>(
                new SubmitJobs(facts, count),
                within,
                cancel
            );
            return done.Refusal is { } refusal
                ? refusal
                : new SubmitReply { First = done.First, Last = done.Last };
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
