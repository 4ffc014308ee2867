using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.ReadModel;

/// <summary>The jobs of one submission that lie in one segment, as lists show them.</summary>
/// <param name="First">Its first jid: the key.</param>
/// <param name="Counts">Jobs by status, deleted ones not counted.</param>
/// <param name="Created">µs, as all instants here; 0: not yet.</param>
/// <param name="Finished">When the last of them did; 0: some have not.</param>
/// <param name="Node">Of a single job, as are the reason and the attempt.</param>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="RequestId">The token it was submitted with; empty: none.</param>
public sealed record SliceRow(
    long First,
    long Last,
    long SubmissionFirst,
    long SubmissionLast,
    bool IsMap,
    string Owner,
    string Label,
    string Command,
    int Priority,
    int Cores,
    long Created,
    long Started,
    long Finished,
    StatusCounts Counts,
    int Deleted,
    string Node,
    Reason? Reason,
    int Attempt,
    string RequestId
)
{
    public int Size => (int)(Last - First + 1);
}

/// <summary>How many jobs are in each status.</summary>
public readonly record struct StatusCounts(
    int Waiting,
    int Queued,
    int Processing,
    int Done,
    int Error,
    int Killed,
    int Stalled
)
{
    public int Unfinished => Waiting + Queued + Processing;
    public int Failed => Error + Killed + Stalled;

    public int Of(Status status) =>
        status switch
        {
            Status.Waiting => Waiting,
            Status.Queued => Queued,
            Status.Processing => Processing,
            Status.Done => Done,
            Status.Error => Error,
            Status.Killed => Killed,
            Status.Stalled => Stalled,
            _ => 0,
        };
}
