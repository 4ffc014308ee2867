using System.Numerics;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Reasons;

/// <summary>Formats reasons: as a short sentence for users, and as a stable name for
/// programs.</summary>
public static class ReasonText
{
    /// <summary>The sentence, without a full stop; empty for no reason.</summary>
    public static string For(Reason? reason) =>
        reason is null
            ? ""
            : reason.Code switch
            {
                ReasonCode.None => "",
                ReasonCode.Exit => $"exit {reason.Number}",
                ReasonCode.Signal => SignalNames.Describe(reason.Number),
                ReasonCode.OutOfMemory when reason.Number > 0 => OutOfMemory(
                    reason.Number,
                    reason.Text
                ),
                ReasonCode.OutOfMemory => "out of memory: the machine had no memory left",
                ReasonCode.ProcessLimit =>
                    $"the job reached its limit of {reason.Number} processes",
                ReasonCode.LeftCgroup => "the job's processes left its cgroup, and so its limits",
                ReasonCode.MaxRuntime => $"max runtime {Duration(reason.Number)} exceeded",
                ReasonCode.KilledBy when reason.Text.Length > 0 => $"killed by {reason.Text}",
                ReasonCode.KilledBy => "killed",
                ReasonCode.Dependency => $"dependency {reason.Number} failed ({reason.Text})",
                ReasonCode.NodeLost => $"node {reason.Text} lost",
                ReasonCode.CannotStart => $"cannot start: {reason.Text}",
                ReasonCode.ReturnFile => $"cannot read the return file: {reason.Text}",
                ReasonCode.CrashLimit => $"crash limit: {reason.Number} of its nodes were lost",
                ReasonCode.MaxFails => $"max fails {reason.Number} of its map reached",
                ReasonCode.RetryAt =>
                    $"next attempt at {Instants.Print(reason.Number, TimeSpan.Zero)}",
                ReasonCode.NodeRestarted => $"node {reason.Text} restarted without its processes",
                ReasonCode.NodeDrained => $"node {reason.Text} drained",
                ReasonCode.NodeStopped => $"node {reason.Text} stopped",
                _ => $"reason {(int)reason.Code} {reason.Text}".TrimEnd(),
            };

    /// <summary>The stable name of a code, such as <c>out_of_memory</c>.</summary>
    public static string CodeName(ReasonCode code) =>
        code switch
        {
            ReasonCode.None => "none",
            ReasonCode.Exit => "exit",
            ReasonCode.Signal => "signal",
            ReasonCode.OutOfMemory => "out_of_memory",
            ReasonCode.ProcessLimit => "process_limit",
            ReasonCode.LeftCgroup => "left_cgroup",
            ReasonCode.MaxRuntime => "max_runtime",
            ReasonCode.KilledBy => "killed_by",
            ReasonCode.Dependency => "dependency",
            ReasonCode.NodeLost => "node_lost",
            ReasonCode.CannotStart => "cannot_start",
            ReasonCode.ReturnFile => "return_file",
            ReasonCode.CrashLimit => "crash_limit",
            ReasonCode.MaxFails => "max_fails",
            ReasonCode.RetryAt => "retry_at",
            ReasonCode.NodeRestarted => "node_restarted",
            ReasonCode.NodeDrained => "node_drained",
            ReasonCode.NodeStopped => "node_stopped",
            _ => "unknown",
        };

    private static string OutOfMemory(long limit, string option)
    {
        var by = option.Length > 0 ? $" ({option})" : "";
        return $"out of memory: the job used its {Sizes.Print(limit)}{by}; "
            + $"give it more with --memory {Sizes.Exact(More(limit))}";
    }

    /// <summary>The least power of two that is at least twice as much.</summary>
    private static long More(long limit) =>
        limit < long.MaxValue / 4
            ? (long)BitOperations.RoundUpToPowerOf2((ulong)(2 * limit))
            : limit;

    private static string Duration(long milliseconds) =>
        Durations.Words(TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond));
}
