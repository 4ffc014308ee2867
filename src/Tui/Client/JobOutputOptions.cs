namespace JobCloud.Client;

/// <summary>A stream of a job.</summary>
public enum JobStream
{
    /// <summary>The standard output.</summary>
    Stdout,

    /// <summary>The standard error.</summary>
    Stderr,

    /// <summary>The return file; without one, the standard output.</summary>
    Result,

    /// <summary>Records of Python's logging, and lines written to <c>$JOBCLOUD_LOG</c>.</summary>
    Logging,

    /// <summary>System and kernel log messages about the job's processes.</summary>
    Syslog,

    /// <summary>The profile, if one was requested.</summary>
    Profile,
}

/// <summary>Which output of a job to read.</summary>
public sealed record JobOutputOptions
{
    /// <summary>The stream.</summary>
    public JobStream Stream { get; init; }

    /// <summary>Whether the stream continues until the job ends, through all its attempts, or, with
    /// <see cref="Attempt"/>, until that ends. It survives restarts of the node.</summary>
    public bool Follow { get; init; }

    /// <summary>The attempt, from 1; null: the newest.</summary>
    public int? Attempt { get; init; }

    /// <summary>Start with the last lines, so many, from 1; null: from the start.</summary>
    public int? TailLines { get; init; }

    /// <summary>Start at this byte of the stream; negative: so many bytes before its end.</summary>
    public long Offset { get; init; }
}
