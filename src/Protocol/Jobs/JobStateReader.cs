using JobCloud.Protocol.Notation;
using JobCloud.Protocol.States;
using Phase = JobCloud.Protocol.States.JobState.PhaseOneofCase;

namespace JobCloud.Protocol.Jobs;

/// <summary>Reads the jobs that a <see cref="JobStateWriter"/> wrote, one after another.</summary>
internal sealed class JobStateReader(IReadOnlyList<JobState> states, long start)
{
    private readonly TimeDeltas _queued = new(start);
    private readonly TimeDeltas _since = new(start);
    private readonly TimeDeltas _started = new(start);
    private int _at = -1;
    private int _left;
    private Job? _last;

    /// <exception cref="ImpossibleEventException">There are no more.</exception>
    public Job Next(Jid jid, Slice slice)
    {
        if (_left > 0)
        {
            _left--;
            return _last = _last! with { Jid = jid, Slice = slice };
        }
        if (++_at >= states.Count)
            throw new ImpossibleEventException($"job {jid} is missing in the segment's state");
        _left = Math.Max(1, states[_at].Count) - 1;
        return _last = Read(states[_at], jid, slice);
    }

    /// <summary>Whether all jobs were read.</summary>
    public bool IsAtEnd => _left == 0 && _at == states.Count - 1;

    private Job Read(JobState state, Jid jid, Slice slice)
    {
        var queued = _queued.Read(state.Queued);
        return new Job(jid, slice, PhaseOf(state, jid))
        {
            Attempt = state.Attempt,
            Retries = state.Retries,
            Restarts = state.Restarts,
            Crashes = state.Crashes,
            ChangedPriority = state.HasPriority ? state.Priority : null,
            Version = state.Version,
            Queued = queued,
            Past = [.. state.Past],
            Terminals = [.. state.Terminals],
        };
    }

    private JobPhase PhaseOf(JobState state, Jid jid) =>
        state.PhaseCase switch
        {
            Phase.Waiting => JobPhase.Waiting.Instance,
            Phase.InQueue => QueueOf(state.InQueue),
            Phase.Assigned => new JobPhase.Assigned(
                state.Assigned.Node,
                state.Assigned.At,
                QueueOf(state.Assigned.Before),
                KillOf(state.Assigned.Kill)
            ),
            Phase.Processing => new JobPhase.Processing(
                state.Processing.Node,
                state.Processing.Pid,
                state.Processing.Started,
                KillOf(state.Processing.Kill),
                state.Processing.Outlives,
                state.Processing.Lag
            ),
            Phase.Ended => EndOf(state.Ended),
            _ => throw new ImpossibleEventException($"job {jid} has an unknown phase"),
        };

    private JobPhase.Queued QueueOf(QueuedState queued) =>
        new(
            _since.Read(queued.Since),
            queued.NotBefore,
            queued.Restarted,
            queued.AvoidNode,
            queued.Reason
        );

    private JobPhase.Ended EndOf(EndedState state)
    {
        var started = _started.Read(state.Started);
        var finished = new TimeDeltas(started).Read(state.Finished);
        if (state.Last is { } last)
        {
            last.Started = started;
            if (last.Finished == 0)
                last.Finished = finished;
        }
        return new JobPhase.Ended(state.Status, state.Reason, finished, state.Last);
    }

    private static KillOrder? KillOf(KillState? kill) =>
        kill is null ? null : new KillOrder(kill.By, kill.GraceMs, kill.Reason);
}
