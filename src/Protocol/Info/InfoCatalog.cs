using JobCloud.Protocol.Api;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Info;

/// <summary>THE catalogue of info items, in display order. Columns, JSON keys, help and completion
/// derive from it.</summary>
public static class InfoCatalog
{
    private const string NotMeasured = "not measured on its node";
    private const string NotEnded = "it has not ended";
    private const string NotStarted = "it has not started";

    public static IReadOnlyList<InfoItem> All { get; } =
    [
        KeptText("stdout", "the end of its standard output", InfoNeed.Stdout, j => j.Stdout),
        KeptText("stderr", "the end of its standard error", InfoNeed.Stderr, j => j.Stderr),
        KeptText(
            "logging",
            "the end of its Python logging and of its lines in $JOBCLOUD_LOG",
            InfoNeed.Logging,
            j => j.Logging
        ),
        KeptText("pilog", "JobCloud's own messages about the job", InfoNeed.Pilog, j => j.Pilog),
        KeptText(
            "syslog",
            "the end of system and kernel log messages about its processes",
            InfoNeed.Syslog,
            j => j.Syslog
        ),
        new(
            "status",
            "",
            "waiting, queued, processing, done, error, killed or stalled",
            "",
            InfoKind.Text,
            InfoNeed.Core,
            "unknown",
            (j, _) => new InfoValue.Text(StatusNames.Of(j.Status))
        )
        {
            Kept = true,
        },
        new(
            "reason",
            "",
            "reason for this status",
            "",
            InfoKind.Text,
            InfoNeed.Waiting,
            "this status has none",
            (j, _) => Text(Reason(j))
        ),
        new(
            "runtime",
            "",
            "wall-clock time of the last attempt, so far while processing",
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
            "exception",
            "",
            "of a Python job: traceback of the exception that ended it, or of all threads when it "
                + "was killed",
            "",
            InfoKind.Text,
            InfoNeed.Exception,
            "none is kept",
            (j, _) =>
                ExceptionAbsence.Of(j) is { } why ? new InfoValue.Absent(why) : Text(j.Exception)
        ),
        new(
            "profile",
            "",
            "profile of the command, with --profile",
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
        Count("attempt", "number of its last attempt", j => j.Attempt),
        Count("retries", "how often it was retried after a failure", j => j.Retries),
        Count("restarts", "number of restarts after the loss of a node", j => j.Restarts),
        new(
            "node",
            "",
            "node of the last attempt",
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
            "CPU time in user mode, all its processes",
            "s",
            InfoKind.Seconds,
            u => Cpu(u.CpuUserUs)
        ),
        Usage(
            "cputime.system",
            "cputime",
            "CPU time in kernel mode, all its processes",
            "s",
            InfoKind.Seconds,
            u => Cpu(u.CpuSystemUs)
        ),
        WhileProcessing(
            "memory.usage",
            "memory",
            "memory in use, without memory.cache",
            u => Bytes(u.MemoryBytes)
        ),
        WhileProcessing(
            "memory.cache",
            "memory",
            "contents of files that the kernel keeps in memory for it and frees first",
            u => Bytes(u.MemoryCacheBytes)
        ),
        Usage(
            "memory.max_usage",
            "memory",
            "peak memory use, without memory.cache",
            "bytes",
            InfoKind.Bytes,
            u => Bytes(u.MemoryMaxBytes)
        ),
        Usage(
            "memory.failcnt",
            "memory",
            "number of times it reached its memory limit, which counts memory.cache too",
            "",
            InfoKind.Number,
            u => Count(u.MemoryFailures)
        ),
        WhileProcessing("swap.usage", "swap", "swap in use", u => Bytes(u.SwapBytes)),
        Usage(
            "swap.max_usage",
            "swap",
            "peak swap use",
            "bytes",
            InfoKind.Bytes,
            u => Bytes(u.SwapMaxBytes)
        ),
        Usage(
            "disk.usage",
            "disk",
            "disk space of its own directory",
            "bytes",
            InfoKind.Bytes,
            u => Bytes(u.DiskBytes),
            "not measured: its own directory has too many files"
        ),
        new(
            "timeline",
            "",
            "resource usage over time, oldest first",
            "",
            InfoKind.List,
            InfoNeed.Timeline,
            "it ended before the first sample, or has not started",
            (j, _) => j.Timeline.Count > 0 ? JobTimeline.Of(j.Timeline) : null
        ),
        new(
            "ports",
            "",
            "ports that its processes listen on, with addresses, while processing",
            "",
            InfoKind.Object,
            InfoNeed.Ports,
            "its node is unreachable",
            (j, _) => PortsItem.Of(j)
        ),
        new(
            "terminals",
            "",
            "its open terminals, while processing",
            "",
            InfoKind.List,
            InfoNeed.Terminals,
            "none is open",
            (j, _) => TerminalsItem.Of(j)
        ),
        new(
            "attributes",
            "",
            "its attributes as set at submission",
            "",
            InfoKind.Object,
            InfoNeed.Attributes,
            "unknown",
            (j, _) => AttributesItem.Of(j)
        ),
    ];

    /// <summary>The items shown by default.</summary>
    public static IReadOnlyList<string> Default { get; } =
    ["stdout", "stderr", "runtime", "status", "reason", "exit_code"];

    /// <summary>Names of groups of items.</summary>
    public static IReadOnlyList<string> Groups { get; } =
    [.. All.Select(item => item.Group).Where(group => group.Length > 0).Distinct(), "all"];

    /// <summary>Text that is kept with the job, and may be empty.</summary>
    private static InfoItem KeptText(
        string name,
        string help,
        InfoNeed need,
        Func<JobDetail, string> get
    ) =>
        new(
            name,
            "",
            help,
            "",
            InfoKind.Text,
            need,
            "none is kept",
            (j, _) => new InfoValue.Text(get(j))
        );

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

    private static InfoItem Count(string name, string help, Func<JobDetail, long> get) =>
        new(
            name,
            "",
            help,
            "",
            InfoKind.Number,
            InfoNeed.Core,
            "unknown",
            (j, _) => new InfoValue.Number(get(j))
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
        job.Reason is { Code: not ReasonCode.None } ? ReasonText.For(job.Reason) : job.WaitingFor;

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
