using JobCloud.Protocol.States;
using Phase = JobCloud.Protocol.States.JobState.PhaseOneofCase;

namespace JobCloud.Protocol.Jobs;

/// <summary>Writes jobs, in the order of their jids, as states; equal ones as one.</summary>
internal sealed class JobStateWriter(long start)
{
    private readonly TimeDeltas _queued = new(start);
    private readonly TimeDeltas _since = new(start);
    private readonly TimeDeltas _started = new(start);

    public void Append(IList<JobState> states, Job job)
    {
        var state = StateOf(job);
        if (states.Count > 0 && states[^1] is var last && IsRunOf(last, state))
            last.Count = Math.Max(1, last.Count) + 1;
        else
            states.Add(state);
    }

    /// <summary>Whether a state can be counted by the one before: all the same, and no time passed
    /// between them.</summary>
    private static bool IsRunOf(JobState before, JobState state)
    {
        if (before.PhaseCase != state.PhaseCase)
            return false;
        // 1 is no difference; see TimeDeltas.
        if (state.Queued is not (0 or 1) || state.InQueue is { Since: not (0 or 1) })
            return false;
        if (state.PhaseCase is not (Phase.InQueue or Phase.Waiting))
            return false;
        var same = before.Clone();
        same.Count = 0;
        if (same.Queued != 0)
            same.Queued = 1;
        if (same.InQueue is { Since: not 0 } queued)
            queued.Since = 1;
        return same.Equals(state);
    }

    private JobState StateOf(Job job)
    {
        var state = new JobState
        {
            Attempt = job.Attempt,
            Retries = job.Retries,
            Restarts = job.Restarts,
            Crashes = job.Crashes,
            Version = job.Version,
            Queued = _queued.Write(job.Queued),
            Past = { job.Past },
            Terminals = { job.Terminals },
        };
        if (job.ChangedPriority is { } priority)
            state.Priority = priority;
        switch (job.Phase)
        {
            case JobPhase.Waiting:
                state.Waiting = new WaitingState();
                break;
            case JobPhase.Queued queued:
                state.InQueue = QueueOf(queued);
                break;
            case JobPhase.Assigned assigned:
                state.Assigned = new AssignedState
                {
                    Node = assigned.Node,
                    At = assigned.At,
                    Before = QueueOf(assigned.Before),
                    Kill = KillOf(assigned.Kill),
                };
                break;
            case JobPhase.Processing processing:
                state.Processing = new ProcessingState
                {
                    Node = processing.Node,
                    Pid = processing.Pid,
                    Started = processing.Started,
                    Kill = KillOf(processing.Kill),
                    Outlives = processing.Outlives,
                    Lag = processing.Lag,
                };
                break;
            case JobPhase.Ended ended:
                state.Ended = EndOf(ended);
                break;
        }
        return state;
    }

    private QueuedState QueueOf(JobPhase.Queued queued) =>
        new()
        {
            Since = _since.Write(queued.Since),
            NotBefore = queued.NotBefore,
            Restarted = queued.Restarted,
            AvoidNode = queued.AvoidNode,
            Reason = queued.Reason,
        };

    private EndedState EndOf(JobPhase.Ended ended)
    {
        var state = new EndedState
        {
            Status = ended.End,
            Reason = ended.Reason,
            Started = _started.Write(ended.Last?.Started ?? 0),
            Finished = new TimeDeltas(ended.Last?.Started ?? 0).Write(ended.Finished),
        };
        if (ended.Last is not { } last)
            return state;
        state.Last = last.Clone();
        state.Last.Started = 0;
        if (last.Finished == ended.Finished)
            state.Last.Finished = 0;
        return state;
    }

    private static KillState? KillOf(KillOrder? kill) =>
        kill is null
            ? null
            : new KillState
            {
                By = kill.By,
                GraceMs = kill.GraceMs,
                Reason = kill.Reason,
            };
}
