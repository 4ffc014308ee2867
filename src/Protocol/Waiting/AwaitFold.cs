using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Waiting;

/// <summary>
/// Waits for jobs: folds what segments say of them until the wish of an <see cref="AwaitRequest"/>
/// is met or cannot be any more. Statuses are absolute, so the same news twice does no harm.
/// </summary>
public sealed class AwaitFold
{
    private readonly IReadOnlyList<JidRange> jobs;
    private readonly long[] starts;
    private readonly byte[] statuses;
    private readonly AwaitMode mode;
    private readonly Status wanted;
    private readonly long[] counts = new long[Statuses.Count];
    private readonly List<StatusRun> ended = [];
    private Refusal? refusal;
    private bool reached;

    /// <param name="jobs">Sorted and disjoint.</param>
    public AwaitFold(IReadOnlyList<JidRange> jobs, AwaitMode mode, Status wanted = default)
    {
        (this.jobs, this.mode, this.wanted) = (jobs, mode, wanted);
        starts = new long[jobs.Count];
        for (var i = 0; i < jobs.Count; i++)
        {
            starts[i] = Total;
            Total += jobs[i].Last - jobs[i].First + 1;
        }
        statuses = new byte[Total];
        counts[0] = Total;
    }

    public long Total { get; }

    /// <summary>Nothing more is waited for.</summary>
    public bool IsFinished => refusal is not null || reached || Finished == Total;

    /// <summary>Every job's status is known.</summary>
    public bool IsComplete => counts[0] == 0;

    /// <summary>Whether there is something to tell since the last <see cref="Take"/>.</summary>
    public bool HasNews { get; private set; }

    private long Finished =>
        mode == AwaitMode.Status
            ? -1
            : counts[(int)Status.Done]
                + counts[(int)Status.Error]
                + counts[(int)Status.Killed]
                + counts[(int)Status.Stalled];

    public void Fold(JobsMoved moved)
    {
        refusal ??= moved.Refusal;
        foreach (var range in moved.Unknown)
            refusal ??= Refusals.Unknown(range.First);
        foreach (var range in moved.Deleted)
            refusal ??= Refusals.Deleted(range.First);
        foreach (var run in moved.Runs)
            for (var i = 0; i < run.Count; i++)
                Set(run.First + i, run.Status);
    }

    /// <summary>The state as a message; what ended is told once.</summary>
    public AwaitReply Take()
    {
        var reply = new AwaitReply
        {
            Total = Total,
            Finished = IsFinished,
            Refusal = refusal,
            Counts = { counts },
            Ended = { ended },
        };
        ended.Clear();
        HasNews = false;
        return reply;
    }

    private void Set(long jid, Status status)
    {
        var at = IndexOf(jid);
        if (at < 0 || statuses[at] == (byte)status)
            return;
        counts[statuses[at]]--;
        counts[(int)status]++;
        var before = (Status)statuses[at];
        statuses[at] = (byte)status;
        HasNews = true;
        if (status.IsFinished() && !before.IsFinished())
            StatusRuns.Append(ended, jid, status);
        Judge(jid, status);
    }

    private void Judge(long jid, Status status)
    {
        switch (mode)
        {
            case AwaitMode.FirstBad when status.IsBad():
                refusal ??= Bad(jid, $"Job {jid} ended {StatusWords.Of(status)}.");
                break;
            case AwaitMode.Status when status == wanted:
                reached = true;
                break;
            case AwaitMode.Status when !status.CanReach(wanted):
                refusal ??= Bad(
                    jid,
                    $"Job {jid} is {StatusWords.Of(status)}: it can no longer become {StatusWords.Of(wanted)}."
                );
                break;
        }
    }

    private static Refusal Bad(long jid, string message) =>
        Refusals.Of(RefusalCode.Unspecified, jid, message);

    private long IndexOf(long jid)
    {
        var (low, high) = (0, jobs.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (jid < jobs[middle].First)
                high = middle - 1;
            else if (jid > jobs[middle].Last)
                low = middle + 1;
            else
                return starts[middle] + jid - jobs[middle].First;
        }
        return -1;
    }
}
