using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Access;

/// <summary>What a node knows about the process at the other end of its unix socket.</summary>
/// <param name="Account">The name of the process's account, or its number.</param>
/// <param name="IsNodeAccount">Whether that is root or the node's own account.</param>
/// <param name="Job">The job that it belongs to; null: it is outside of this node's jobs.</param>
public sealed record PeerFacts(string Account, bool IsNodeAccount, PeerJob? Job);

/// <summary>The job that a process belongs to.</summary>
/// <param name="Owner">Null: it is unknown which job.</param>
/// <param name="Account">The account of the job, and of the jobs that it submits.</param>
/// <param name="RunsAs">The account that its processes run as here.</param>
/// <param name="IsClaim">Whether only the process's own environment names the job.</param>
public sealed record PeerJob(string? Owner, string Account, string RunsAs, bool IsClaim);

/// <summary>The caller for whom a process acts.</summary>
public sealed record PeerCaller(string User, Role Role, string Account);

/// <summary>Decides for whom a process at a node's unix socket speaks. Only the kernel's word
/// counts, and in a job that of the node; what a process says about itself can lower its rights,
/// but not raise them.</summary>
public static class PeerRules
{
    /// <summary>The caller; null: none, and the connection is refused.</summary>
    public static PeerCaller? Decide(PeerFacts peer) =>
        peer.Job switch
        {
            null => new PeerCaller(
                peer.Account,
                peer.IsNodeAccount ? Role.Admin : Role.User,
                peer.Account
            ),
            { Owner: null } => null,
            // Processes of one account can do to each other what they like, so among them the claim
            // gives nothing away.
            { IsClaim: true } job when job.RunsAs != peer.Account && !peer.IsNodeAccount => null,
            var job => new PeerCaller(job.Owner!, Role.User, job.Account),
        };

    public static Refusal UnknownJob { get; } =
        Refusals.Of(
            RefusalCode.NotAllowed,
            "This process was started by a job, but the node cannot identify the job; start it as a "
                + "child of the job's command, with the variable JOBCLOUD_MARK of the job."
        );

    public static Refusal UnknownPeer { get; } =
        Refusals.Of(
            RefusalCode.NotAllowed,
            "The connection does not identify its user; use the node's unix socket."
        );
}
