using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Waiting;

/// <summary>
/// Waits for jobs: folds updates of segments until the condition of an <see cref="AwaitRequest"/>
/// is met or can no longer be met. Statuses are absolute, so a repeated update is harmless.
/// </summary>
public sealed class AwaitFold
{
    private readonly IReadOnlyList<JidRange> _jobs;
    private readonly long[] _starts;
    private readonly byte[] _statuses;
    private readonly AwaitMode _mode;
    private readonly Status _wanted;
    private readonly long[] _counts = new long[Statuses.Count];
    private readonly List<StatusRun> _ended = [];
    private Refusal? _refusal;
    private bool _reached;

    /// <param name="jobs">Sorted and disjoint ranges.</param>
    public AwaitFold(IReadOnlyList<JidRange> jobs, AwaitMode mode, Status wanted = default)
    {
        (_jobs, _mode, _wanted) = (jobs, mode, wanted);
        _starts = new long[jobs.Count];
        for (var i = 0; i < jobs.Count; i++)
        {
            _starts[i] = Total;
            Total += jobs[i].Last - jobs[i].First + 1;
        }
        _statuses = new byte[Total];
        _counts[0] = Total;
    }

    public long Total { get; }

    /// <summary>Whether the wait has finished.</summary>
    public bool IsFinished => _refusal is not null || _reached || Finished == Total;

    /// <summary>Whether every job's status is known.</summary>
    public bool IsComplete => _counts[0] == 0;

    /// <summary>Whether the jobs are at a standstill: some are queued, and none is
    /// processing.</summary>
    public bool IsAtStandstill =>
        !IsFinished && _counts[(int)Status.Queued] > 0 && _counts[(int)Status.Processing] == 0;

    /// <summary>The first job in a status; null: there is none.</summary>
    public Jid? First(Status status)
    {
        var at = Array.IndexOf(_statuses, (byte)status);
        if (at < 0)
            return null;
        var range = Array.FindLastIndex(_starts, start => start <= at);
        return new Jid(_jobs[range].First + at - _starts[range]);
    }

    /// <summary>Whether something changed since the last <see cref="Take"/>.</summary>
    public bool HasNews { get; private set; }

    private long Finished =>
        _mode == AwaitMode.Status
            ? -1
            : _counts[(int)Status.Done]
                + _counts[(int)Status.Error]
                + _counts[(int)Status.Killed]
                + _counts[(int)Status.Stalled];

    public void Fold(JobsMoved moved)
    {
        _refusal ??= moved.Refusal;
        foreach (var range in moved.Unknown)
            _refusal ??= Refusals.Unknown(new Jid(range.First));
        if (moved.Deleted is [var deleted, ..])
            _refusal ??= Refusals.Deleted(
                new Jid(deleted.First),
                moved.Removals.FirstOrDefault(),
                moved.Removers.FirstOrDefault("")
            );
        foreach (var run in moved.Runs)
            for (var i = 0; i < run.Count; i++)
                Set(new Jid(run.First + i), run.Status);
    }

    /// <summary>Ends the wait.</summary>
    public void End(Refusal refusal) => _refusal ??= refusal;

    /// <summary>The number of runs of finished jobs that <see cref="Take"/> has not yet
    /// returned.</summary>
    public int Ended => _ended.Count;

    /// <summary>The state as a message. It contains each finished job once, and the last message
    /// contains the last of them.</summary>
    /// <param name="mostEnded">Maximum number of runs of finished jobs.</param>
    public AwaitReply Take(int mostEnded = int.MaxValue)
    {
        var count = Math.Min(mostEnded, _ended.Count);
        var isLast = IsFinished && count == _ended.Count;
        var reply = new AwaitReply
        {
            Total = Total,
            Finished = isLast,
            Refusal = isLast ? _refusal : null,
            Counts = { _counts },
            Ended = { _ended.Take(count) },
        };
        _ended.RemoveRange(0, count);
        HasNews = _ended.Count > 0;
        return reply;
    }

    private void Set(Jid jid, Status status)
    {
        var at = IndexOf(jid);
        if (at < 0 || _statuses[at] == (byte)status)
            return;
        _counts[_statuses[at]]--;
        _counts[(int)status]++;
        var before = (Status)_statuses[at];
        _statuses[at] = (byte)status;
        HasNews = true;
        if (status.IsFinished() && !before.IsFinished())
            StatusRuns.Append(_ended, jid, status);
        Check(jid, status);
    }

    private void Check(Jid jid, Status status)
    {
        switch (_mode)
        {
            case AwaitMode.FirstBad when status.IsBad():
                _refusal ??= Bad(jid, $"Job {jid} ended with status {StatusNames.Of(status)}.");
                break;
            case AwaitMode.Status when status == _wanted:
                _reached = true;
                break;
            case AwaitMode.Status when !status.CanReach(_wanted):
                _refusal ??= Bad(
                    jid,
                    $"Job {jid} is {StatusNames.Of(status)}: it can no longer become {StatusNames.Of(_wanted)}."
                );
                break;
        }
    }

    private static Refusal Bad(Jid jid, string message) =>
        Refusals.Of(RefusalCode.Unspecified, jid, message);

    private long IndexOf(Jid jid)
    {
        var (low, high) = (0, _jobs.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (jid < _jobs[middle].First)
                high = middle - 1;
            else if (jid > _jobs[middle].Last)
                low = middle + 1;
            else
                return _starts[middle] + jid - _jobs[middle].First;
        }
        return -1;
    }
}
