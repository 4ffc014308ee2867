using System.Text.Json;

namespace JobCloud.Client;

/// <summary>A job with its status.</summary>
/// <param name="Jid">The jid.</param>
/// <param name="Status">The status.</param>
public sealed record JobWithStatus(long Jid, JobStatusKind Status);

/// <summary>How many jobs have which status.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Waiting">Those that wait for others.</param>
/// <param name="Queued">Those that can run.</param>
/// <param name="Processing">Those that run.</param>
/// <param name="Done">Those that ended well.</param>
/// <param name="Error">Those that failed.</param>
/// <param name="Killed">Those that were killed.</param>
/// <param name="Stalled">Those that never run.</param>
public sealed record JobCounts(
    long Total,
    long Waiting,
    long Queued,
    long Processing,
    long Done,
    long Error,
    long Killed,
    long Stalled
)
{
    /// <summary>Whether all ended well.</summary>
    public bool AllDone => Done == Total;

    /// <summary>The jobs that ended in another status.</summary>
    public long Failed => Error + Killed + Stalled;

    /// <summary>Those that have not ended.</summary>
    public long Unfinished => Waiting + Queued + Processing;
}

/// <summary>How to wait for jobs.</summary>
public sealed record WaitOptions
{
    /// <summary>The longest wait; null: no limit. When it is over, the wait fails with the code
    /// <c>timeout</c>, and the jobs go on.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the wait ends with the first job that does not end as done.</summary>
    public bool StopsAtFailure { get; init; }

    /// <summary>Receives the counts whenever they change.</summary>
    public IProgress<JobCounts>? Progress { get; init; }
}

/// <summary>How to read results.</summary>
public sealed record ResultOptions
{
    /// <summary>The longest wait for the jobs; null: no limit. When it is over, the call fails with
    /// the code <c>timeout</c>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether a job that failed has a result without content. Otherwise the call fails
    /// with the code <c>bad-end</c>, before the first result.</summary>
    public bool IgnoreErrors { get; init; }
}

/// <summary>What a job returned.</summary>
/// <param name="Jid">The jid.</param>
/// <param name="Status">How the job ended.</param>
/// <param name="Content">The return file or, without one, the standard output; null: the job
/// failed.</param>
/// <param name="Failure">How the job failed, a sentence; null: it is done.</param>
/// <param name="MissingBytes">The bytes of the result that were not kept; 0: it is whole.</param>
public sealed record JobResult(
    long Jid,
    JobStatusKind Status,
    byte[]? Content,
    string? Failure,
    long MissingBytes
)
{
    /// <summary>The content as UTF-8 text; null: the job failed.</summary>
    public string? Text => Content is null ? null : System.Text.Encoding.UTF8.GetString(Content);
}

/// <summary>Details of a job.</summary>
/// <param name="Jid">The jid.</param>
/// <param name="Status">The status.</param>
/// <param name="Items">The requested items, as <c>jobcloud info -o json</c> has them: instants in
/// ISO 8601 UTC, durations in seconds, sizes in bytes; <c>absent</c> says why others have no
/// value.</param>
public sealed record JobInfo(long Jid, JobStatusKind Status, JsonElement Items);

/// <summary>What a change of jobs did.</summary>
/// <param name="Selected">The jobs that were named.</param>
/// <param name="Changed">Those of them that changed.</param>
/// <param name="Note">Why one was not changed, where that needs another step; null:
/// nothing.</param>
public sealed record JobChanges(long Selected, long Changed, string? Note);

/// <summary>Which events to read.</summary>
public sealed record EventOptions
{
    /// <summary>The jobs; null: all.</summary>
    public JobSelection? Jobs { get; init; }

    /// <summary>Whether new events follow, without end. It survives restarts of the node.</summary>
    public bool Follow { get; init; }

    /// <summary>The number of past events, from 1; null: all that are kept.</summary>
    public int? Tail { get; init; }

    /// <summary>Only events since this instant; null: all.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Something that happened to jobs.</summary>
/// <param name="Time">When.</param>
/// <param name="Jids">The jobs, as a jid list.</param>
/// <param name="What">A stable name, such as <c>started</c>.</param>
/// <param name="By">The user who asked for it; null: JobCloud itself.</param>
/// <param name="Node">The node concerned; null: none.</param>
/// <param name="Attempt">The attempt concerned, from 1; null: none.</param>
/// <param name="Message">A short description, without a full stop.</param>
public sealed record CloudEvent(
    DateTimeOffset Time,
    string Jids,
    string What,
    string? By,
    string? Node,
    int? Attempt,
    string Message
);
