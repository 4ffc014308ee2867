using JobCloud.Protocol.Api;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Info;

/// <summary>Every info item, in display order. Columns, JSON keys, help and completion come from
/// it.</summary>
public static class InfoCatalog
{
    private const string NotMeasured = "not measured on its node";
    private const string NotEnded = "it has not ended";
    private const string NotStarted = "it has not started";

    /// <summary>All items.</summary>
    public static IReadOnlyList<InfoItem> All { get; } =
    [
        new(
            "stdout",
            "",
            "the end of its standard output",
            "",
            InfoKind.Text,
            InfoNeed.Stdout,
            "nothing is kept of it",
            (j, _) => new InfoValue.Text(j.Stdout)
        ),
        new(
            "stderr",
            "",
            "the end of its standard error",
            "",
            InfoKind.Text,
            InfoNeed.Stderr,
            "nothing is kept of it",
            (j, _) => new InfoValue.Text(j.Stderr)
        ),
        new(
            "logging",
            "",
            "the end of what its Python logged, and what it wrote to $JOBCLOUD_LOG",
            "",
            InfoKind.Text,
            InfoNeed.Logging,
            "nothing is kept of it",
            (j, _) => new InfoValue.Text(j.Logging)
        ),
        new(
            "pilog",
            "",
            "JobCloud's own messages about the job",
            "",
            InfoKind.Text,
            InfoNeed.Pilog,
            "nothing is kept of it",
            (j, _) => new InfoValue.Text(j.Pilog)
        ),
        new(
            "syslog",
            "",
            "the end of what the system log and the kernel log say of its processes",
            "",
            InfoKind.Text,
            InfoNeed.Syslog,
            "nothing is kept of it",
            (j, _) => new InfoValue.Text(j.Syslog)
        ),
        new(
            "status",
            "",
            "waiting, queued, processing, done, error, killed or stalled",
            "",
            InfoKind.Text,
            InfoNeed.Core,
            "unknown",
            (j, _) => new InfoValue.Text(StatusWords.Of(j.Status))
        )
        {
            Kept = true,
        },
        new(
            "reason",
            "",
            "why it is in that status",
            "",
            InfoKind.Text,
            InfoNeed.Waiting,
            "its status needs none",
            (j, _) => Text(Reason(j))
        ),
        new(
            "runtime",
            "",
            "wall clock of the last attempt, so far while processing",
            "s",
            InfoKind.Seconds,
            InfoNeed.Core,
            NotStarted,
            (j, now) => Between(JobTimes.Runtime(j, now))
        )
        {
            Kept = true,
        },
        new(
            "profile",
            "",
            "what its command spent its time in, with --profile",
            "",
            InfoKind.Text,
            InfoNeed.Profile,
            "it was submitted without --profile",
            (j, _) => Text(j.Profile)
        ),
        new(
            "exit_code",
            "",
            "exit status of the last attempt",
            "",
            InfoKind.Number,
            InfoNeed.Core,
            NotEnded,
            (j, _) =>
                Exited(j) is { Signal: 0 } e ? new InfoValue.Number(e.Code) : InfoAbsence.OfCode(j)
        ),
        new(
            "signal",
            "",
            "the signal that ended the last attempt",
            "",
            InfoKind.Number,
            InfoNeed.Core,
            "no signal ended it",
            (j, _) => Exited(j) is { Signal: > 0 } e ? new InfoValue.Number(e.Signal) : null
        ),
        new(
            "oom",
            "",
            "whether it ran out of memory",
            "",
            InfoKind.Flag,
            InfoNeed.Core,
            NotEnded,
            (j, _) => Exited(j) is { } e ? new InfoValue.Flag(e.OutOfMemory) : InfoAbsence.OfEnd(j)
        ),
        new(
            "attempt",
            "",
            "how often it was given to a node",
            "",
            InfoKind.Number,
            InfoNeed.Core,
            NotStarted,
            (j, _) => new InfoValue.Number(j.Attempt)
        ),
        new(
            "node",
            "",
            "where the last attempt runs or ran",
            "",
            InfoKind.Text,
            InfoNeed.Core,
            NotStarted,
            (j, _) => Text(j.Node)
        ),
        new(
            "created",
            "",
            "when it was submitted",
            "",
            InfoKind.Instant,
            InfoNeed.Core,
            "unknown",
            (j, _) => Instant(j.Created)
        )
        {
            Kept = true,
        },
        new(
            "started",
            "",
            "when the last attempt started",
            "",
            InfoKind.Instant,
            InfoNeed.Core,
            NotStarted,
            (j, _) => Instant(j.Started)
        ),
        new(
            "finished",
            "",
            "when it finished",
            "",
            InfoKind.Instant,
            InfoNeed.Core,
            "it has not finished",
            (j, _) => Instant(j.Finished)
        )
        {
            Kept = true,
        },
        new(
            "queue_time",
            "",
            "how long it was queued before its last attempt",
            "s",
            InfoKind.Seconds,
            InfoNeed.Core,
            "it has not been queued",
            (j, now) => Between(JobTimes.Queued(j, now))
        ),
        new(
            "result_size",
            "",
            "size of its result",
            "bytes",
            InfoKind.Bytes,
            InfoNeed.Core,
            NotEnded,
            (j, _) => Exited(j) is { } e ? Bytes(e.ResultBytes) : InfoAbsence.OfEnd(j)
        ),
        Usage(
            "cputime.user",
            "cputime",
            "CPU time in programs, all its processes",
            "s",
            InfoKind.Seconds,
            u => Cpu(u.CpuUserUs)
        ),
        Usage(
            "cputime.system",
            "cputime",
            "CPU time in the kernel, all its processes",
            "s",
            InfoKind.Seconds,
            u => Cpu(u.CpuSystemUs)
        ),
        WhileProcessing("memory.usage", "memory", "memory in use now", u => Bytes(u.MemoryBytes)),
        Usage(
            "memory.max_usage",
            "memory",
            "the most memory it used",
            "bytes",
            InfoKind.Bytes,
            u => Bytes(u.MemoryMaxBytes)
        ),
        Usage(
            "memory.failcnt",
            "memory",
            "how often it hit its memory limit",
            "",
            InfoKind.Number,
            u => Count(u.MemoryFailures)
        ),
        WhileProcessing("swap.usage", "swap", "swap in use now", u => Bytes(u.SwapBytes)),
        Usage(
            "swap.max_usage",
            "swap",
            "the most swap it used",
            "bytes",
            InfoKind.Bytes,
            u => Bytes(u.SwapMaxBytes)
        ),
        Usage(
            "disk.usage",
            "disk",
            "space on disk of its working directory",
            "bytes",
            InfoKind.Bytes,
            u => Bytes(u.DiskBytes),
            "not measured: it ended at once, or its working directory holds too much"
        ),
        new(
            "timeline",
            "",
            "what it used over time, oldest first",
            "",
            InfoKind.List,
            InfoNeed.Timeline,
            "it ended before the first look at it, or has not started",
            (j, _) => j.Timeline.Count > 0 ? JobTimeline.Of(j.Timeline) : null
        )
        {
            OnRequest = true,
        },
        new(
            "ports",
            "",
            "what its processes listen on and where to reach it, while processing",
            "",
            InfoKind.Object,
            InfoNeed.Ports,
            "its node is away",
            (j, _) => PortsItem.Of(j)
        ),
        new(
            "terminals",
            "",
            "who has a terminal open in it, while processing",
            "",
            InfoKind.List,
            InfoNeed.Terminals,
            "nobody has one open",
            (j, _) => TerminalsItem.Of(j)
        ),
        new(
            "attributes",
            "",
            "all that was set when it was created",
            "",
            InfoKind.Object,
            InfoNeed.Attributes,
            "unknown",
            (j, _) => AttributesItem.Of(j)
        ),
    ];

    /// <summary>What is shown when nothing is asked for.</summary>
    public static IReadOnlyList<string> Default { get; } =
    ["stdout", "stderr", "runtime", "status"];

    /// <summary>Names that stand for several items.</summary>
    public static IReadOnlyList<string> Groups { get; } =
    [.. All.Select(item => item.Group).Where(group => group.Length > 0).Distinct(), "all"];

    private static InfoItem Usage(
        string name,
        string group,
        string help,
        string unit,
        InfoKind kind,
        Func<Usage, InfoValue?> get,
        string why = NotMeasured
    ) =>
        new(
            name,
            group,
            help,
            unit,
            kind,
            InfoNeed.Usage,
            why,
            (j, _) => JobTimes.LastUsage(j) is { } usage ? get(usage) : InfoAbsence.OfUsage(j)
        );

    private static InfoItem WhileProcessing(
        string name,
        string group,
        string help,
        Func<Usage, InfoValue?> get
    ) =>
        new(
            name,
            group,
            help + ", while processing",
            "bytes",
            InfoKind.Bytes,
            InfoNeed.Usage,
            NotMeasured,
            (j, _) =>
                j.Status == Status.Processing && j.Usage is { } usage
                    ? get(usage)
                    : InfoAbsence.OfNow(j)
        );

    private static string Reason(JobDetail job) =>
        job.Reason is { Code: not ReasonCode.None } ? Sentence.For(job.Reason) : job.WaitingFor;

    private static Exit? Exited(JobDetail job) =>
        job.Exit is { NotStarted: "" } && job.Status != Status.Processing ? job.Exit : null;

    private static InfoValue.Text? Text(string text) => text.Length > 0 ? new(text) : null;

    private static InfoValue.Instant? Instant(long micros) => micros > 0 ? new(micros) : null;

    private static InfoValue.Bytes? Bytes(long bytes) => bytes >= 0 ? new(bytes) : null;

    private static InfoValue.Number? Count(long count) => count >= 0 ? new(count) : null;

    private static InfoValue.Seconds? Cpu(long micros) => micros >= 0 ? new(micros / 1e6) : null;

    private static InfoValue.Seconds? Between(long? micros) =>
        micros is { } length ? new(Math.Max(0, length) / 1e6) : null;
}
