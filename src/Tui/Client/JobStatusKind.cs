namespace JobCloud.Client;

/// <summary>The status of a job.</summary>
public enum JobStatusKind
{
    /// <summary>A status of a later version.</summary>
    Unknown,

    /// <summary>A dependency has not finished.</summary>
    Waiting,

    /// <summary>It can run; no node runs it yet.</summary>
    Queued,

    /// <summary>A node runs it.</summary>
    Processing,

    /// <summary>It ended well.</summary>
    Done,

    /// <summary>It failed, could not start, or was lost and must not run again.</summary>
    Error,

    /// <summary>A user killed it, or its time was up.</summary>
    Killed,

    /// <summary>It never runs, since a dependency is not done.</summary>
    Stalled,
}
