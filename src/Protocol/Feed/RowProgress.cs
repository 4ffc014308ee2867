using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Feed;

/// <summary>What of a row changes as its jobs run. The rest says which work it is: told once, it need not be
/// carried, read and kept anew with every change.</summary>
public static class RowProgress
{
    /// <summary>The row without what says which work it is.</summary>
    public static JobRow Of(JobRow row) =>
        new()
        {
            First = row.First,
            Counts = { row.Counts },
            Status = row.Status,
            Priority = row.Priority,
            Started = row.Started,
            Finished = row.Finished,
            Node = row.Node,
            Reason = row.Reason,
            Attempt = row.Attempt,
        };

    /// <summary>Makes of a progress the whole row.</summary>
    /// <param name="known">The row as it was.</param>
    public static void Complete(JobRow progress, JobRow known) =>
        (
            progress.Last,
            progress.Label,
            progress.Owner,
            progress.Command,
            progress.Created,
            progress.Cores
        ) = (known.Last, known.Label, known.Owner, known.Command, known.Created, known.Cores);

    /// <summary>Whether two rows are of the same work, so that a progress tells one from the other.</summary>
    public static bool IsOfSameWork(JobRow one, JobRow other) =>
        (one.First, one.Last, one.Created, one.Cores)
            == (other.First, other.Last, other.Created, other.Cores)
        && one.Label == other.Label
        && one.Owner == other.Owner
        && one.Command == other.Command;
}
