using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>The overview of a job as cards: its status and why, the last lines of stderr, its
/// times, its limits against its peaks, and its ports.</summary>
internal static class JobCards
{
    private const int StderrLines = 6;
    private const int NameWidth = 12;

    /// <param name="width">The available columns; values are wrapped to it.</param>
    public static List<DetailRow> Rows(KnownJob known, int width, long now, TimeSpan offset)
    {
        var job = known.Job;
        var rows = new List<DetailRow>();
        Add("status", Status(known));
        Add("last lines of stderr", Stderr(job));
        Add("times", Times(job, now, offset));
        Add("limits and peaks", Limits(job, now));
        Add("ports", JobTables.Ports(job) is { Rows.Count: > 0 } ports ? Lines(ports) : []);
        Add("job", About(job));
        return rows;

        void Add(string title, IEnumerable<DetailRow> card)
        {
            var lines = card.Where(row => row.Text.Length > 0).ToList();
            if (lines.Count == 0)
                return;
            var rule = new string('─', Math.Max(3, width - title.Length - 4));
            rows.Add(new("", $"─ {title} {rule}", RowKind.Card));
            foreach (var row in lines)
                rows.AddRange(Wrapped(row, width));
        }
    }

    private static IEnumerable<DetailRow> Status(KnownJob known)
    {
        var job = known.Job;
        var kind = job.Status.IsBad() ? RowKind.Error : RowKind.Plain;
        var why = ReasonText.For(job.Reason);
        yield return Of("status", StatusNames.Of(job.Status), kind);
        yield return Of("reason", why, kind);
        if (known.Explained is { } explained && job.Status == explained.Status)
            yield return Of("why", explained.Summary == why ? "" : explained.Summary);
        yield return Of("waits for", job.WaitingFor);
        yield return Of("exit", job.Exit is { } exit ? ExitOf(exit) : "");
    }

    private static string ExitOf(Exit exit) =>
        exit.NotStarted.Length > 0 ? exit.NotStarted
        : exit.Signal > 0 ? SignalNames.Describe(exit.Signal)
        : $"code {exit.Code}";

    private static IEnumerable<DetailRow> Stderr(JobDetail job) =>
        job
            .Stderr.TrimEnd('\n')
            .Split('\n')
            .TakeLast(StderrLines)
            .Select(line => new DetailRow("", line.TrimEnd('\r'), Copied: job.Stderr));

    private static IEnumerable<DetailRow> Times(JobDetail job, long now, TimeSpan offset)
    {
        yield return At("submitted", job.Created);
        yield return At("started", job.Started);
        yield return At("finished", job.Finished);
        yield return Of("queued for", Duration(JobTimes.Queued(job, now)));
        yield return Of("runtime", Duration(JobTimes.Runtime(job, now)));

        DetailRow At(string name, long micros) =>
            Of(name, micros > 0 ? ItemText.Clock(micros, now, offset) : "");
    }

    private static IEnumerable<DetailRow> Limits(JobDetail job, long now)
    {
        var (spec, used) = (job.Spec ?? new JobSpec(), JobTimes.LastUsage(job));
        var runtime = JobTimes.Runtime(job, now);
        yield return Of(
            "memory",
            Against(
                used is { MemoryMaxBytes: > 0 }
                    ? $"{Sizes.Print(used.MemoryMaxBytes)} at most"
                    : "",
                spec.MemoryBytes > 0 ? Sizes.Print(spec.MemoryBytes) : "",
                Share(used?.MemoryMaxBytes, spec.MemoryBytes)
            )
        );
        yield return Of(
            "runtime",
            Against(
                Duration(runtime),
                spec.MaxRuntimeMs > 0 ? Duration(spec.MaxRuntimeMs * 1_000) : "",
                Share(runtime, spec.MaxRuntimeMs * 1_000)
            )
        );
        var cpu = used is null ? 0 : used.CpuUserUs + used.CpuSystemUs;
        yield return Of(
            "cpu",
            Against(
                cpu > 0 ? $"{Duration(cpu)} of CPU time{Cores(cpu, runtime)}" : "",
                spec.Cores > 0 ? $"{spec.Cores} {(spec.Cores == 1 ? "core" : "cores")}" : "",
                ""
            )
        );
        yield return Of(
            "swap",
            used is { SwapMaxBytes: > 0 } ? Sizes.Print(used.SwapMaxBytes) : ""
        );
        yield return Of("disk", used is { DiskBytes: > 0 } ? Sizes.Print(used.DiskBytes) : "");
    }

    private static string Cores(long cpu, long? runtime) =>
        runtime > 0
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $", {(double)cpu / runtime.Value:0.0#} cores on average"
            )
            : "";

    private static string Against(string used, string limit, string share) =>
        used.Length == 0 ? (limit.Length > 0 ? $"limit {limit}" : "")
        : limit.Length == 0 ? $"{used}, no limit"
        : $"{used}, limit {limit}{share}";

    private static string Share(long? used, long limit) =>
        used > 0 && limit > 0 ? $" ({used * 100 / limit} %)" : "";

    private static string Duration(long? micros) =>
        micros is { } known ? ItemText.Seconds(known / 1e6) : "";

    private static IEnumerable<DetailRow> About(JobDetail job)
    {
        yield return Of("command", job.Command);
        yield return Of("label", job.Spec?.Label ?? "");
        yield return Of("owner", job.Owner);
        yield return Of("node", job.Node);
        yield return Of("directory", job.Spec?.WorkingDirectory ?? "");
        yield return Of("attempts", job.Attempt > 1 ? $"{job.Attempt}" : "");
        yield return Of("map", job.MapFirst > 0 ? $"{job.MapFirst}-{job.MapLast}" : "");
    }

    private static IEnumerable<DetailRow> Lines(FactTable table) =>
        table.Lines().Skip(1).Select(line => new DetailRow("", line, Copied: line));

    private static DetailRow Of(string name, string text, RowKind kind = RowKind.Plain) =>
        new(name, text, kind, Copied: text);

    private static IEnumerable<DetailRow> Wrapped(DetailRow row, int width)
    {
        var room = Math.Max(10, width - NameWidth - 3);
        foreach (var line in row.Text.Split('\n'))
        foreach (var (start, length) in LogRows.Wrap(line, room))
        {
            yield return row with
            {
                Text = line.Substring(start, length),
            };
            row = row with { Name = "" };
        }
    }
}
