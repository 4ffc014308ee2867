using JobCloud.Protocol.States;

namespace JobCloud.Protocol.Jobs;

/// <summary>Writes which of consecutive jobs are deleted, and what is kept of these.</summary>
internal sealed class DeletedJobsWriter(DeletedJobs to)
{
    private readonly TimeDeltas _started = new();
    private readonly Dictionary<string, int> _removers = [];
    private bool _isDeleted;

    /// <param name="job">Null: the next job is not deleted.</param>
    public void Append(JobPhase.Deleted? job)
    {
        if (to.Runs.Count == 0)
            to.Runs.Add(0);
        if (_isDeleted != (job is not null))
        {
            _isDeleted = !_isDeleted;
            to.Runs.Add(0);
        }
        to.Runs[^1]++;
        if (job is null)
            return;
        to.Statuses.Add(job.End);
        to.Removals.Add(job.How);
        AppendRemover(job.By);
        to.Started.Add(_started.Write(job.Started));
        to.Finished.Add(new TimeDeltas(job.Started).Write(job.Finished));
    }

    private void AppendRemover(string user)
    {
        if (user.Length == 0)
            return;
        if (!_removers.TryGetValue(user, out var position))
        {
            to.Removers.Add(user);
            _removers[user] = position = to.Removers.Count;
        }
        while (to.By.Count < to.Statuses.Count - 1)
            to.By.Add(0);
        to.By.Add(position);
    }
}

/// <summary>Reads what a <see cref="DeletedJobsWriter"/> wrote.</summary>
internal sealed class DeletedJobsReader(DeletedJobs from)
{
    private readonly TimeDeltas _started = new();
    private int _run;
    private int _inRun;
    private int _deleted;

    /// <summary>The next job; null: it is not deleted.</summary>
    /// <exception cref="ImpossibleEventException">There are no more.</exception>
    public JobPhase.Deleted? Next()
    {
        while (_run < from.Runs.Count && _inRun >= from.Runs[_run])
            (_run, _inRun) = (_run + 1, 0);
        if (_run >= from.Runs.Count)
            throw Damaged();
        _inRun++;
        if (_run % 2 == 0)
            return null;
        var at = _deleted++;
        if (at >= Math.Min(from.Statuses.Count, Math.Min(from.Started.Count, from.Finished.Count)))
            throw Damaged();
        var started = _started.Read(from.Started[at]);
        return new JobPhase.Deleted(
            from.Statuses[at],
            started,
            new TimeDeltas(started).Read(from.Finished[at]),
            at < from.Removals.Count ? from.Removals[at] : Removal.Deleted,
            RemoverOf(at)
        );
    }

    private string RemoverOf(int at)
    {
        var position = at < from.By.Count ? from.By[at] : 0;
        return position == 0 ? ""
            : position > 0 && position <= from.Removers.Count ? from.Removers[position - 1]
            : throw Damaged();
    }

    private static ImpossibleEventException Damaged() =>
        new("a deleted job is missing in the segment's state");
}
