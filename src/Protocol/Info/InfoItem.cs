using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Info;

/// <summary>The data of a job that an item needs.</summary>
[Flags]
public enum InfoNeed
{
    /// <summary>The segment's data.</summary>
    Core = 1,

    /// <summary>Its current usage, from its node while processing.</summary>
    Usage = 2,

    /// <summary>The end of its standard output, from its node.</summary>
    Stdout = 4,

    /// <summary>The end of its standard error, from its node.</summary>
    Stderr = 8,

    /// <summary>Its events, from the journal.</summary>
    Pilog = 16,

    /// <summary>Its attributes as set at submission.</summary>
    Attributes = 32,

    /// <summary>The end of its Python logging, from its node.</summary>
    Logging = 256,

    /// <summary>The end of its system log messages, from its node.</summary>
    Syslog = 512,

    /// <summary>Its profile, from its node.</summary>
    Profile = 1024,

    /// <summary>The reason why it waits, from the scheduler while it is queued.</summary>
    Waiting = 2048,

    /// <summary>Its usage over time, from its node.</summary>
    Timeline = 4096,

    /// <summary>Its ports, from its node while processing.</summary>
    Ports = 8192,

    /// <summary>Its open terminals, from its node while processing.</summary>
    Terminals = 16384,

    /// <summary>The tracebacks of a Python job, from its node.</summary>
    Exception = 32768,
}

/// <summary>The type of an item's value.</summary>
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

/// <summary>One item of information about a job.</summary>
/// <param name="Name">A dotted name is nested in JSON.</param>
/// <param name="Group">Its group; empty: only <c>all</c>.</param>
/// <param name="Help">One line, without a full stop.</param>
/// <param name="Unit">Empty: none.</param>
/// <param name="Missing">The default reason for its absence, without a full stop.</param>
/// <param name="Get">The value at an instant in µs; null: none.</param>
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
    /// <summary>The part of a dotted name before the dot; empty: the name has none.</summary>
    public string Prefix => Name.IndexOf('.') is > 0 and var dot ? Name[..dot] : "";

    /// <summary>Whether a deleted job keeps it, for accounting.</summary>
    public bool Kept { get; init; }

    /// <summary>The item's value, or the reason for its absence; never an invented zero.</summary>
    public InfoValue Read(JobDetail job, long now)
    {
        if (job.Deleted && !Kept)
            return new InfoValue.Absent(
                Refusals.Removed(new Jid(job.Jid), job.Removal, job.Remover)
            );
        foreach (var absence in job.Absent)
        {
            if (absence.Item == Name || (Group.Length > 0 && absence.Item == Group))
                return new InfoValue.Absent(absence.Why);
        }
        return Get(job, now) ?? new InfoValue.Absent(Missing);
    }

    /// <summary>The reason why its value is incomplete, without a full stop; null: it is
    /// complete.</summary>
    public string? PartialReason(JobDetail job) =>
        job.Partial.FirstOrDefault(p => p.Item == Name)?.Why;
}
