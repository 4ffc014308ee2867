namespace JobCloud.Node.Executor.Hosting;

/// <summary>The executor's own limits; what the agent decides comes with its Hello.</summary>
internal sealed record ExecutorSettings
{
    /// <summary>Added to the executor's own nice value for jobs, so that the cloud itself stays
    /// quick on a busy machine.</summary>
    public int NiceStep { get; init; } = 5;

    /// <summary>Between SIGTERM and SIGKILL until an agent says otherwise, ms.</summary>
    public long GraceMs { get; init; } = 1_000;

    /// <summary>Starts in one turn of the loop: ends and stops wait for no more than these.</summary>
    public int StartsPerTurn { get; init; } = 8;

    /// <summary>The record is rewritten when it is longer than this, bytes.</summary>
    public long RecordLimitBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>A log is set aside (one older one is kept) when it is longer than this, bytes.</summary>
    public long LogLimitBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Messages for an agent that does not read: beyond this it is cut off, bytes.</summary>
    public int OutboxLimitBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Connections at once: an old agent's, a new one's, and some to spare.</summary>
    public int ConnectionsMax { get; init; } = 8;

    /// <summary>How long a program found in PATH is believed to be there, ms.</summary>
    public long ProgramCacheMs { get; init; } = 5_000;

    /// <summary>Programs remembered at once.</summary>
    public int ProgramCacheMax { get; init; } = 1_000;

    /// <summary>Before an unused output file or directory may be another attempt's, ms.</summary>
    public long SpareRestMs { get; init; } = 2_000;

    /// <summary>A job's output gets its own name when the job is this old, or ends: many end
    /// sooner, without any. ms.</summary>
    public long NameOutputMs { get; init; } = 20;

    /// <summary>Unused files kept for later attempts, and as many directories: what comes together
    /// while they rest, at some thousand jobs a second.</summary>
    public int SparesMax { get; init; } = 15_000;

    /// <summary>The longest return file that is kept, bytes.</summary>
    public long ReturnFileLimitBytes { get; init; } = 128_000_000;

    /// <summary>A directory with more entries is not measured.</summary>
    public int DirectoryEntriesMax { get; init; } = 100_000;

    /// <summary>The first look at a new process, after its start, ms.</summary>
    public long FirstSampleMs { get; init; } = 100;

    /// <summary>Between looks until an agent says otherwise, ms.</summary>
    public long SampleIntervalMs { get; init; } = 1_000;

    /// <summary>Looks take at most one part in so many of a core.</summary>
    public int SampleShare { get; init; } = 20;

    /// <summary>How long an orphan that shows no environment may hold up the end of jobs, any of
    /// which may be its own, ms.</summary>
    public long OrphanPatienceMs { get; init; } = 250;

    /// <summary>How long the node may take to end after SIGTERM, ms.</summary>
    public long NodeStopMs { get; init; } = 10_000;

    /// <summary>The first wait before a node that died young is started again, ms; then doubled.</summary>
    public long NodeRestartFirstMs { get; init; } = 100;

    /// <summary>The longest such wait, and the age at which a node no longer died young, ms.</summary>
    public long NodeRestartMaxMs { get; init; } = 10_000;

    /// <summary>How long leftovers of an earlier executor may take to die after SIGKILL, ms.</summary>
    public long SweepMs { get; init; } = 10_000;

    /// <summary>Before a record that could not be written is tried again, ms.</summary>
    public long RecordRetryMs { get; init; } = 200;
}
