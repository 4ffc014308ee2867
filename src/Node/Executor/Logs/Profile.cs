namespace JobCloud.Node.Executor.Logs;

/// <summary>The profile of a job that wants one.</summary>
/// <param name="WhyNone">Why there is none, if none is written.</param>
/// <param name="Sampler">Looks at its stacks; null: its own Python writes the profile, or
/// nobody.</param>
internal sealed record Profile(string WhyNone, StackSampler? Sampler = null);
