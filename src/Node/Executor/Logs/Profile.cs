namespace JobCloud.Node.Executor.Logs;

/// <summary>The profile of a job that requested one.</summary>
/// <param name="AbsenceReason">Why there is no profile, if none is written.</param>
/// <param name="Sampler">Samples the job's stacks; null: the job's Python writes the profile, or no
/// profile is possible.</param>
internal sealed record Profile(string AbsenceReason, StackSampler? Sampler = null);
