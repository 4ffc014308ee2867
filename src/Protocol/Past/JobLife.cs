namespace JobCloud.Protocol.Past;

/// <summary>When a job was submitted, and when its last attempt started and ended, in µs since
/// 1970; 0: not yet, or never.</summary>
/// <param name="Status">Its status now.</param>
public readonly record struct JobLife(long Created, long Started, long Finished, Status Status);
