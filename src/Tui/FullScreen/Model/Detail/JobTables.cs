using System.Globalization;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Ports;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>The details of a job as small tables.</summary>
internal static class JobTables
{
    /// <summary>The attempts, newest first.</summary>
    public static FactTable Attempts(JobDetail job, long now, TimeSpan offset)
    {
        var rows = new List<FactRow>();
        if (job is { Attempt: > 0 } && job.Attempts.All(a => a.Attempt != job.Attempt))
            rows.Add(Current(job, now, offset));
        rows.AddRange(job.Attempts.Reverse().Select(a => Past(a, now, offset)));
        return new(
            ["attempt", "node", "started", "runtime", "cpu", "peak memory", "end"],
            rows,
            "The job has not been assigned to a node."
        );
    }

    private static FactRow Current(JobDetail job, long now, TimeSpan offset)
    {
        var runtime = JobTimes.Runtime(job, now) is { } micros ? Micros(micros) : "";
        var end = job.Reason is { Code: not ReasonCode.None } reason
            ? ReasonText.For(reason)
            : StatusNames.Of(job.Status);
        var isBad = job.Status is Status.Error or Status.Killed;
        return new(
            [
                Number(job.Attempt),
                job.Node,
                At(job.Started, now, offset),
                runtime,
                Cpu(job.Usage),
                Peak(job.Usage),
                end,
            ],
            IsError: isBad
        );
    }

    private static FactRow Past(AttemptRecord attempt, long now, TimeSpan offset) =>
        new(
            [
                Number(attempt.Attempt),
                attempt.Node,
                At(attempt.Started, now, offset),
                attempt.Started > 0 ? Micros(attempt.Finished - attempt.Started) : "",
                Cpu(attempt.Usage),
                Peak(attempt.Usage),
                ReasonText.For(attempt.Reason),
            ],
            IsError: true
        );

    /// <summary>The ports that the job listens on.</summary>
    public static FactTable Ports(JobDetail job) =>
        new(
            ["port", "address", ""],
            [
                .. (job.Ports?.Ports ?? []).Select(port =>
                {
                    var where = $"{port.Address}:{Number(port.ReachedPort)}";
                    return new FactRow(
                        [
                            $"{Number(port.Port)}/{PortMessages.Of(port.Transport)}",
                            port.Trouble.Length > 0 ? "-" : where,
                            port.Trouble,
                        ],
                        Copied: port.Trouble.Length > 0 ? "" : where,
                        IsError: port.Trouble.Length > 0
                    );
                }),
            ],
            job.Status == Status.Processing
                ? "The job does not listen on any port."
                : "Ports are shown only while the job is processing."
        );

    /// <summary>The events of the job, oldest first.</summary>
    public static FactTable Events(IEnumerable<JobEvent> events, long now, TimeSpan offset) =>
        new(
            ["time", "what", "by", "message"],
            [
                .. events
                    .Select(EventText.Of)
                    .OfType<EventLine>()
                    .Select(line => new FactRow(
                        [ItemText.Clock(line.When, now, offset), line.What, line.By, line.Message],
                        IsError: line.Level == EventLevel.Error
                    )),
            ],
            "No events yet."
        );

    /// <summary>The verdict of each node on a waiting job.</summary>
    public static FactTable Verdicts(ExplainReply reply) =>
        new(
            ["node", "fits now", "reason"],
            [
                .. reply.Nodes.Select(node => new FactRow([
                    node.Node,
                    node.FitsNow ? "yes" : "no",
                    node.Why,
                ])),
            ],
            ""
        );

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string At(long micros, long now, TimeSpan offset) =>
        micros > 0 ? ItemText.Clock(micros, now, offset) : "";

    private static string Micros(long micros) => ItemText.Seconds(Math.Max(0, micros) / 1e6);

    private static string Cpu(Usage? usage) =>
        usage is { CpuUserUs: >= 0, CpuSystemUs: >= 0 }
            ? Micros(usage.CpuUserUs + usage.CpuSystemUs)
            : "";

    private static string Peak(Usage? usage) =>
        usage is { MemoryMaxBytes: >= 0 } ? Sizes.Print(usage.MemoryMaxBytes) : "";
}
