namespace JobCloud.Protocol.Submissions;

/// <summary>What a submission may be at most.</summary>
/// <param name="CoreTypes">The core types that a job can name.</param>
public sealed record SubmissionLimits(CoreTypes CoreTypes)
{
    /// <summary>Bytes of a command: MAX_ARG_STRLEN of Linux (execve(2)) less its NUL.</summary>
    public int CommandBytes { get; init; } = 131_071;

    /// <summary>Jobs of one map.</summary>
    public long MapSize { get; init; } = 10_000_000;

    /// <summary>Bytes of all files sent along, standard input included.</summary>
    public long FileBytes { get; init; } = 16L << 20;

    /// <summary>Characters of a label, and of any other name that a job is given.</summary>
    public int NameLength { get; init; } = 255;

    /// <summary>Tries after a failed one.</summary>
    public int Retries { get; init; } = 1_000;

    /// <summary>What a client can judge by itself: core types and limits are the node's to set, so
    /// they are the node's to judge.</summary>
    public static SubmissionLimits OfAnyNode(JobSpec spec) =>
        new(new CoreTypes([.. CoreTypes.Default.All, new CoreType(spec.CoreType, 0)]))
        {
            MapSize = long.MaxValue,
            FileBytes = long.MaxValue,
            NameLength = int.MaxValue,
            Retries = int.MaxValue,
        };
}
