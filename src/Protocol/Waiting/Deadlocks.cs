using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Waiting;

/// <summary>The end of a wait that its own job makes endless.</summary>
public static class Deadlocks
{
    /// <summary>The setting of the time after which such a wait ends.</summary>
    public const string Setting = "jobcloud.gateway.deadlock-after";

    /// <param name="jid">The job that cannot start.</param>
    /// <param name="holder">The job that waits for it.</param>
    /// <param name="why">Why it cannot start, without a full stop.</param>
    public static Refusal Refusal(Jid jid, Jid holder, string why, TimeSpan after) =>
        Refusals.Of(
            RefusalCode.Timeout,
            jid,
            $"Job {jid} cannot start while job {holder} waits for it and holds its place: {why}. "
                + $"Nothing changed for {Durations.Words(after)} ({Setting}), so the wait ends. "
                + "Submit what comes next as a job that depends on it (-x) instead of waiting in a job."
        );
}
