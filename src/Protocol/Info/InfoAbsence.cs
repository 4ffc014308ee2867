using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Info;

/// <summary>Reasons why an item is absent in a job's current state: short sentences without a full
/// stop.</summary>
internal static class InfoAbsence
{
    /// <summary>For items of the last attempt's end.</summary>
    public static InfoValue.Absent OfEnd(JobDetail job) =>
        new(
            job switch
            {
                _ when !job.Status.IsFinished() => "it has not ended",
                { Exit.NotStarted.Length: > 0 } => "it could not start",
                { Started: 0 } => "it never ran",
                _ => "its node was lost before reporting its end",
            }
        );

    /// <summary>For the exit status.</summary>
    public static InfoValue.Absent OfCode(JobDetail job) =>
        job.Exit is { NotStarted: "", Signal: > 0 and var signal } && job.Status.IsFinished()
            ? new($"signal {signal} ended it")
            : OfEnd(job);

    /// <summary>For items of resource usage.</summary>
    public static InfoValue.Absent OfUsage(JobDetail job) =>
        new(
            job switch
            {
                { Status: Status.Processing, Usage: null } =>
                    "not measured yet, or its node is unreachable",
                { Started: 0 } => "it has not started",
                _ => "not measured on its node",
            }
        );

    /// <summary>For items of live processes.</summary>
    public static InfoValue.Absent OfNow(JobDetail job) =>
        job.Status == Status.Processing ? OfUsage(job) : new("only while it is processing");
}
