using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using Fact = JobCloud.Protocol.Events.JobEvent.FactOneofCase;

namespace JobCloud.Protocol.Metrics;

/// <summary>What the events of one commit add to the metrics of jobs. Its owner uses it again for
/// each commit.</summary>
public sealed class JobTally
{
    private readonly List<double> _queueSeconds = [];
    private readonly List<double> _runSeconds = [];
    private readonly Dictionary<(Status Status, ReasonCode Reason), long> _finished = [];

    public long Submitted { get; private set; }
    public long Started { get; private set; }
    public long StdoutBytes { get; private set; }
    public long StderrBytes { get; private set; }
    public long ResultBytes { get; private set; }

    /// <summary>The times that started attempts had been in the queue.</summary>
    public IReadOnlyList<double> QueueSeconds => _queueSeconds;

    /// <summary>The times that ended attempts took.</summary>
    public IReadOnlyList<double> RunSeconds => _runSeconds;

    /// <summary>Number of finished jobs.</summary>
    public IReadOnlyDictionary<(Status Status, ReasonCode Reason), long> Finished => _finished;

    /// <summary>Replaces the numbers by those of a commit.</summary>
    /// <param name="moved">The jobs that the commit changed, before and after it.</param>
    public void Count(
        IReadOnlyList<JobEvent> events,
        IReadOnlyDictionary<long, (Job? Before, Job After)> moved
    )
    {
        Clear();
        var settled = false;
        foreach (var e in events)
        {
            Count(e, moved);
            settled |= e.FactCase == Fact.DependencySettled;
        }
        if (settled)
            AddStalled(moved.Values);
    }

    private void Count(JobEvent e, IReadOnlyDictionary<long, (Job? Before, Job After)> moved)
    {
        var jobs = Math.Max(1, e.Count);
        switch (e.FactCase)
        {
            case Fact.Submitted:
                Submitted += jobs;
                break;
            case Fact.Started:
                Started += jobs;
                if (moved.TryGetValue(e.Jid, out var job) && job.After.Queued > 0)
                    Add(_queueSeconds, job.After.Queued, e.Started.StartedAt, jobs);
                break;
            case Fact.Ended:
                End(e.Ended, jobs);
                break;
            case Fact.AttemptLost:
                Finish(e.AttemptLost.Status, e.AttemptLost.Reason, jobs);
                break;
            case Fact.KilledUnstarted:
                Finish(Status.Killed, e.KilledUnstarted.Reason, jobs);
                break;
        }
    }

    private void End(AttemptEnd end, int jobs)
    {
        Finish(end.Status, end.Reason, jobs);
        if (end.StartedAt > 0)
            Add(_runSeconds, end.StartedAt, end.EndedAt, jobs);
        if (end.Exit is not { } exit)
            return;
        StdoutBytes += Math.Max(0, exit.StdoutBytes) * jobs;
        StderrBytes += Math.Max(0, exit.StderrBytes) * jobs;
        ResultBytes += Math.Max(0, exit.ResultBytes) * jobs;
    }

    // The event names a submission and not what became of its jobs.
    private void AddStalled(IEnumerable<(Job? Before, Job After)> moved)
    {
        foreach (var (before, after) in moved)
            if (
                after.Phase is JobPhase.Ended { End: Status.Stalled, Reason: var reason }
                && before?.Phase is not JobPhase.Ended { End: Status.Stalled }
            )
                Finish(Status.Stalled, reason, 1);
    }

    private void Finish(Status status, Reason? reason, int jobs)
    {
        if (!status.IsFinished())
            return;
        var key = (status, reason?.Code ?? ReasonCode.None);
        _finished[key] = _finished.GetValueOrDefault(key) + jobs;
    }

    // The clocks of two machines may differ.
    private static void Add(List<double> seconds, long from, long to, int jobs)
    {
        for (var job = 0; job < jobs; job++)
            seconds.Add(Math.Max(0, to - from) / 1e6);
    }

    private void Clear()
    {
        (Submitted, Started, StdoutBytes, StderrBytes, ResultBytes) = (0, 0, 0, 0, 0);
        _queueSeconds.Clear();
        _runSeconds.Clear();
        _finished.Clear();
    }
}
