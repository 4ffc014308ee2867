using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Accounts;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Daemon.Gateway.Peers;

/// <summary>Finds the jobs of processes: the agent knows the processes that it had started, and the
/// segments know whose jobs they are.</summary>
/// <param name="agent">The agent of this node.</param>
/// <param name="runAs">The setting of the account that jobs run as.</param>
/// <param name="within">Time limit for its answer.</param>
internal sealed class JobsOfPeers(
    IActorRef agent,
    SegmentClient segments,
    string runAs,
    TimeSpan within
)
{
    /// <summary>How often, and how long, the agent is asked about a process without a mark: it may
    /// not know yet that the process was started.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(50);
    private const int Asks = 40;

    private static readonly PeerJob Unknown = new(Owner: null, "", "", IsClaim: false);

    /// <summary>The caller of the requests below, which no job sees.</summary>
    private static readonly Identity Node = new("", Role.Admin);

    public async Task<Outcome<PeerJob>> FindAsync(ProcessOrigin origin, CancellationToken cancel)
    {
        var started = await StartedAsync(origin, cancel);
        for (var asks = 1; started is null && MayBeNew(origin) && asks < Asks; asks++)
        {
            await Task.Delay(AskEvery, cancel);
            started = await StartedAsync(origin, cancel);
        }
        if ((started ?? origin.Mark) is not { } id)
            return Unknown;
        var read = await segments.DetailAsync(id.Jid, Node);
        return read.IsGranted ? JobOf(read.Reply, isClaim: started is null)
            : read.Refusal.Code is RefusalCode.UnknownJob or RefusalCode.DeletedJob ? Unknown
            : read.Refusal;
    }

    private static bool MayBeNew(ProcessOrigin origin) =>
        origin is { Mark: null, Ancestors.Count: > 0 };

    private async Task<AttemptId?> StartedAsync(ProcessOrigin origin, CancellationToken cancel) =>
        origin.Ancestors.Count == 0
            ? null
            : (await agent.Ask<FoundAttempt>(new FindAttempt(origin.Ancestors), within, cancel)).Id;

    private PeerJob JobOf(JobDetail job, bool isClaim)
    {
        var account = job.Spec is { Account.Length: > 0 } spec ? spec.Account : job.Owner;
        return new PeerJob(job.Owner, account, RunAs.Choose(account, runAs), isClaim);
    }
}
