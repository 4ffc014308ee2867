using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Jobs;

/// <summary>The phase of a job. Each case carries only the data valid in it.</summary>
public abstract record JobPhase
{
    private JobPhase() { }

    public abstract Status Status { get; }

    /// <summary>Held by a dependency that has not finished.</summary>
    public sealed record Waiting : JobPhase
    {
        public static readonly Waiting Instance = new();
        public override Status Status => Status.Waiting;
    }

    /// <summary>Runnable; no node runs it yet.</summary>
    /// <param name="Since">The instant when it became runnable.</param>
    /// <param name="NotBefore">The earliest instant of a retry; 0: now.</param>
    /// <param name="Restarted">Its node was lost: it comes first in its priority.</param>
    /// <param name="AvoidNode">The node that lost its last attempt; empty: none.</param>
    /// <param name="Reason">Why it is queued again; null the first time.</param>
    public sealed record Queued(
        long Since,
        long NotBefore = 0,
        bool Restarted = false,
        string AvoidNode = "",
        Reason? Reason = null
    ) : JobPhase
    {
        public override Status Status => Status.Queued;
    }

    /// <summary>Assigned to a node that has not reported its start: users still see it as
    /// queued.</summary>
    public sealed record Assigned(string Node, long At, Queued Before, KillOrder? Kill = null)
        : JobPhase
    {
        public override Status Status => Status.Queued;
    }

    /// <summary>A node runs it.</summary>
    /// <param name="Outlives">Which of its processes outlive SIGKILL, as a sentence without its
    /// full stop; empty: none is known to.</param>
    /// <param name="Lag">How much later its segment had <paramref name="Started"/>, by the clock of
    /// the segment's node, in µs.</param>
    public sealed record Processing(
        string Node,
        int Pid,
        long Started,
        KillOrder? Kill = null,
        string Outlives = "",
        long Lag = 0
    ) : JobPhase
    {
        public override Status Status => Status.Processing;
    }

    /// <summary>Finished: done, error, killed or stalled.</summary>
    /// <param name="Last">The last attempt; null: it never ran.</param>
    public sealed record Ended(Status End, Reason? Reason, long Finished, AttemptRecord? Last)
        : JobPhase
    {
        public override Status Status => End;
    }

    /// <summary>Deleted, with the data kept for accounting.</summary>
    /// <param name="How">How its data was removed.</param>
    /// <param name="By">The user who purged it; empty: that is not known.</param>
    public sealed record Deleted(
        Status End,
        long Started,
        long Finished,
        Removal How = Removal.Deleted,
        string By = ""
    ) : JobPhase
    {
        public override Status Status => End;
    }
}

/// <summary>A pending kill of a running attempt.</summary>
public sealed record KillOrder(string By, long GraceMs, Reason Reason);

public static class Statuses
{
    /// <summary>The highest status number plus one: the length of counts by status.</summary>
    public const int Count = 8;

    public static bool IsFinished(this Status status) => status >= Status.Done;

    public static bool IsBad(this Status status) => status > Status.Done;

    /// <summary>Whether a job in <paramref name="from"/> can still reach <paramref name="to"/>
    /// without a retry by a user.</summary>
    public static bool CanReach(this Status from, Status to) =>
        from switch
        {
            Status.Waiting => to != Status.Waiting,
            Status.Queued or Status.Processing => to
                is Status.Queued
                    or Status.Processing
                    or Status.Done
                    or Status.Error
                    or Status.Killed,
            _ => false,
        };
}
