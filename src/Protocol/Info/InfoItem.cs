using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Info;

/// <summary>What of a job must be fetched for an item.</summary>
[Flags]
public enum InfoNeed
{
    /// <summary>The segment's own knowledge.</summary>
    Core = 1,

    /// <summary>What it uses, from the node while it is processing.</summary>
    Usage = 2,

    /// <summary>The end of its standard output, from its node.</summary>
    Stdout = 4,

    /// <summary>The end of its standard error, from its node.</summary>
    Stderr = 8,

    /// <summary>Its history, from the journal.</summary>
    Pilog = 16,

    /// <summary>All that was set when it was created.</summary>
    Attributes = 32,

    /// <summary>The end of what it logged, from its node.</summary>
    Logging = 256,

    /// <summary>The end of what the system's logs say of it, from its node.</summary>
    Syslog = 512,

    /// <summary>Where its time went, from its node.</summary>
    Profile = 1024,

    /// <summary>What it waits for, from the scheduler while it is queued.</summary>
    Waiting = 2048,

    /// <summary>What it used over time, from its node.</summary>
    Timeline = 4096,

    /// <summary>What it listens on, from the node while it is processing.</summary>
    Ports = 8192,

    /// <summary>Who has a terminal open in it, from the node while it is processing.</summary>
    Terminals = 16384,
}

/// <summary>What an item's value is.</summary>
public enum InfoKind
{
    Text,
    Number,
    Bytes,
    Seconds,
    Instant,
    Flag,
    Object,
    List,
}

/// <summary>One thing that can be known of a job.</summary>
/// <param name="Name">Dotted: nested in JSON.</param>
/// <param name="Group">The group that it is part of; empty: none but <c>all</c>.</param>
/// <param name="Help">One line, without a stop.</param>
/// <param name="Unit">Empty: none.</param>
/// <param name="Missing">Why it has no value, where the job does not say; without a stop.</param>
/// <param name="Get">The value at an instant in µs; null: there is none.</param>
public sealed record InfoItem(
    string Name,
    string Group,
    string Help,
    string Unit,
    InfoKind Kind,
    InfoNeed Need,
    string Missing,
    Func<JobDetail, long, InfoValue?> Get
)
{
    /// <summary>Whether only its own name asks for it, not <c>all</c>: it is long.</summary>
    public bool OnRequest { get; init; }

    /// <summary>Whether a deleted job still has it, for accounting.</summary>
    public bool Kept { get; init; }

    /// <summary>The item's value, or why it has none. Never null, never a made-up zero.</summary>
    public InfoValue Read(JobDetail job, long now)
    {
        if (job.Deleted && !Kept)
            return new InfoValue.Absent($"Job {job.Jid} was deleted");
        foreach (var absence in job.Absent)
        {
            if (absence.Item == Name || (Group.Length > 0 && absence.Item == Group))
                return new InfoValue.Absent(absence.Why);
        }
        return Get(job, now) ?? new InfoValue.Absent(Missing);
    }

    /// <summary>What of its value is not there, without a stop; null: all of it is.</summary>
    public string? Missed(JobDetail job) => job.Partial.FirstOrDefault(p => p.Item == Name)?.Why;
}
