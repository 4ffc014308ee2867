using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Info;

/// <summary>Why a job has none of what depends on how far it came: short sentences without their
/// stop.</summary>
internal static class InfoAbsence
{
    /// <summary>Of what its last attempt ended with.</summary>
    public static InfoValue.Absent OfEnd(JobDetail job) =>
        new(
            job switch
            {
                _ when !job.Status.IsFinished() => "it has not ended",
                { Exit.NotStarted.Length: > 0 } => "it could not be started",
                { Started: 0 } => "it never ran",
                _ => "its node was lost before it told of its end",
            }
        );

    /// <summary>Of its exit status.</summary>
    public static InfoValue.Absent OfCode(JobDetail job) =>
        job.Exit is { NotStarted: "", Signal: > 0 and var signal } && job.Status.IsFinished()
            ? new($"signal {signal} ended it")
            : OfEnd(job);

    /// <summary>Of what its processes used.</summary>
    public static InfoValue.Absent OfUsage(JobDetail job) =>
        new(
            job switch
            {
                { Status: Status.Processing, Usage: null } =>
                    "not measured yet, or its node is away",
                { Started: 0 } => "it has not started",
                _ => "not measured on its node",
            }
        );

    /// <summary>Of what only living processes have.</summary>
    public static InfoValue.Absent OfNow(JobDetail job) =>
        job.Status == Status.Processing ? OfUsage(job) : new("only while it is processing");
}
