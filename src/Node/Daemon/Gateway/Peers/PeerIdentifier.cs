using System.Net.Sockets;
using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Gateway.Peers;

/// <summary>Identifies the processes that connect to the unix socket of a home's node.</summary>
internal sealed class PeerIdentifier(HomePaths home)
{
    private readonly ProcessTrace _trace = new(home);
    private volatile JobsOfPeers? _jobs;

    /// <summary>Sets where jobs are found. Until then, processes of jobs are asked to try
    /// again.</summary>
    public void SetJobs(JobsOfPeers jobs) => _jobs = jobs;

    /// <summary>Looks at the process that connected, which must happen at once: later it may have
    /// exited.</summary>
    public ConnectedPeer Of(Socket socket)
    {
        using var process = PeerIdentity.Of(socket);
        if (process is null)
            return new ConnectedPeer(PeerRules.UnknownPeer);
        var facts = new PeerFacts(process.Account, process.IsNodeAccount, Job: null);
        // A process in another pid namespace that this one does not show is in no job of this node.
        if (process.Pid == 0)
            return new ConnectedPeer(IdentityOf(facts)) { Account = facts.Account };
        var origin = _trace.Of(process.Pid, out var isTraced);
        return !isTraced || !process.IsAlive ? new ConnectedPeer(PeerRules.UnknownPeer)
            : origin is null ? new ConnectedPeer(IdentityOf(facts)) { Account = facts.Account }
            : new ConnectedPeer(cancel => IdentifyAsync(facts, origin, cancel))
            {
                Account = facts.Account,
            };
    }

    private async Task<Outcome<Identity>> IdentifyAsync(
        PeerFacts facts,
        ProcessOrigin origin,
        CancellationToken cancel
    )
    {
        if (_jobs is not { } jobs)
            return Refusals.Of(RefusalCode.Busy, "The node is starting; try again.");
        try
        {
            var job = await jobs.FindAsync(origin, cancel);
            return job.IsGranted ? IdentityOf(facts with { Job = job.Reply }) : job.Refusal;
        }
        catch (AskTimeoutException)
        {
            return Refusals.Of(
                RefusalCode.Busy,
                "The node cannot tell yet which job this process belongs to; try again."
            );
        }
    }

    private static Outcome<Identity> IdentityOf(PeerFacts facts) =>
        PeerRules.Decide(facts) is { } caller
            ? new Identity(caller.User, caller.Role, caller.Account)
            : PeerRules.UnknownJob;
}
