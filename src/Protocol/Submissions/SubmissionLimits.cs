namespace JobCloud.Protocol.Submissions;

/// <summary>Limits of a submission.</summary>
/// <param name="CoreTypes">The core types that a job can name.</param>
public sealed record SubmissionLimits(CoreTypes CoreTypes)
{
    /// <summary>Bytes of a command: MAX_ARG_STRLEN of Linux (execve(2)) less its NUL.</summary>
    public int CommandBytes { get; init; } = 131_071;

    /// <summary>The number of jobs of one map.</summary>
    public long MapSize { get; init; } = 10_000_000;

    /// <summary>Bytes of all files, including standard input, that stand in the request
    /// itself.</summary>
    public long FileBytes { get; init; } = 16L << 20;

    /// <summary>Bytes of one file that the cloud keeps.</summary>
    public long BlobBytes { get; init; } = 4L << 30;

    /// <summary>Bytes of all files of a submission that the cloud keeps.</summary>
    public long BlobsBytes { get; init; } = 16L << 30;

    /// <summary>Characters of a label, and of any other name of a job.</summary>
    public int NameLength { get; init; } = 255;

    /// <summary>The number of retries.</summary>
    public int Retries { get; init; } = 1_000;

    /// <summary>Limits for checks in a client, which does not know the node's core types and
    /// limits.</summary>
    public static SubmissionLimits OfAnyNode(JobSpec spec) =>
        new(new CoreTypes([.. CoreTypes.Presets.All, new CoreType(spec.CoreType, 0)]))
        {
            MapSize = long.MaxValue,
            FileBytes = long.MaxValue,
            BlobBytes = long.MaxValue,
            BlobsBytes = long.MaxValue,
            NameLength = int.MaxValue,
            Retries = int.MaxValue,
        };
}
