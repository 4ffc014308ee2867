using System.Runtime.CompilerServices;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Timelines;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Puts together what is known of jobs: from their segment, their node and the journal.</summary>
public sealed class InfoHandler(
    Selections selections,
    SegmentClient segments,
    OutputHandler outputs,
    UsageReader usages,
    PortReader ports,
    TerminalReader terminals,
    JournalReader journal,
    ExplainHandler explanations,
    TimeProvider clock,
    int explainedMost
)
{
    private const int PilogCharacters = 65_536;

    public async IAsyncEnumerable<Outcome<JobDetail>> InfoAsync(
        InfoRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var items = InfoSelection.Parse(request.Items);
        if (!items.Ok)
        {
            yield return Refusals.Of(RefusalCode.Usage, 0, items.Error.Message);
            yield break;
        }
        var selected = await selections.ResolveAsync(request.Jobs, by, cancel);
        if (!selected.Granted)
        {
            yield return selected.Refusal;
            yield break;
        }
        if (await segments.CheckAsync(selected.Reply, by) is { } refusal)
        {
            yield return refusal;
            yield break;
        }
        var needs = items.Value.Needs;
        await foreach (var read in segments.ReadAsync(selected.Reply, ReadDepth.Detail, by))
        {
            if (!read.Granted)
            {
                yield return read.Refusal;
                yield break;
            }
            await AddAsync(read.Reply.Details, needs, cancel);
            foreach (var job in read.Reply.Details)
                yield return job;
        }
    }

    private async Task AddAsync(
        IReadOnlyList<JobDetail> jobs,
        InfoNeed needs,
        CancellationToken cancel
    )
    {
        if (needs.HasFlag(InfoNeed.Usage))
            await usages.AddAsync(jobs.Where(j => j.Status == Status.Processing));
        if (needs.HasFlag(InfoNeed.Ports))
            await ports.AddAsync(jobs.Where(j => j.Status == Status.Processing));
        if (needs.HasFlag(InfoNeed.Terminals))
            await terminals.AddAsync(jobs.Where(j => j.Status == Status.Processing));
        if ((needs & (InfoNeed.Waiting | InfoNeed.Pilog)) != 0)
            await ExplainAsync(jobs.Where(j => !j.Status.IsFinished()).Take(explainedMost));
        if (needs.HasFlag(InfoNeed.Pilog))
            await AddPilogAsync(jobs, cancel);
        foreach (var job in jobs.Where(j => j.Node != "" && j.Attempt > 0))
        {
            if (needs.HasFlag(InfoNeed.Stdout))
                job.Stdout = await TailAsync(job, OutputStream.Stdout, "stdout");
            if (needs.HasFlag(InfoNeed.Stderr))
                job.Stderr = await TailAsync(job, OutputStream.Stderr, "stderr");
            if (needs.HasFlag(InfoNeed.Timeline))
                job.Timeline.Add(await TimelineAsync(job));
            if (needs.HasFlag(InfoNeed.Logging))
                job.Logging = await TailAsync(job, OutputStream.Logging, "logging");
            if (needs.HasFlag(InfoNeed.Syslog))
                job.Syslog = await TailAsync(job, OutputStream.Syslog, "syslog");
            if (needs.HasFlag(InfoNeed.Profile))
                await AddProfileAsync(job);
        }
    }

    /// <summary>A scheduler that does not answer is asked no further.</summary>
    private async Task ExplainAsync(IEnumerable<JobDetail> unfinished)
    {
        foreach (var job in unfinished.Where(j => j.Status != Status.Processing))
            if ((job.WaitingFor = await explanations.WaitsForAsync(job)).Length == 0)
                return;
    }

    private async Task<string> TailAsync(JobDetail job, OutputStream stream, string item)
    {
        if (OutputHandler.WroteNothing(job, job.Attempt, stream))
            return "";
        var tail = await outputs.TailAsync(job, stream);
        if (tail is null && OutputHandler.MayHaveWrittenNothing(job, job.Attempt, stream))
            tail = TailText.Empty;
        if (tail is null)
        {
            AddAbsence(job, item, $"not kept any more on node {job.Node}, or the node is away");
            return "";
        }
        if (tail.Dropped > 0)
            job.Partial.Add(
                new Absence
                {
                    Item = item,
                    Why =
                        $"its first {tail.Dropped} bytes were dropped (jobcloud.executor.output-limit)",
                }
            );
        if (tail.Text.Length == 0 && stream == OutputStream.Syslog)
            AddAbsence(job, item, await outputs.LackingAsync(job, stream));
        return tail.Text;
    }

    private async Task AddProfileAsync(JobDetail job)
    {
        var why = ProfileAbsence.Of(job);
        if (why is null)
            job.Profile = await TailAsync(job, OutputStream.Profile, "profile");
        else
            AddAbsence(job, "profile", why);
    }

    private static void AddAbsence(JobDetail job, string item, string why)
    {
        if (why.Length > 0)
            job.Absent.Add(new Absence { Item = item, Why = why });
    }

    private async Task<IReadOnlyList<TimelineSample>> TimelineAsync(JobDetail job)
    {
        if (await outputs.WholeAsync(job, OutputStream.Timeline) is { } bytes)
            return TimelineSamples.Read(bytes);
        AddAbsence(
            job,
            "timeline",
            "it ended before the first look at it, or it is not kept any more on node "
                + $"{job.Node}, or the node is away"
        );
        return [];
    }

    private async Task AddPilogAsync(IReadOnlyList<JobDetail> jobs, CancellationToken cancel)
    {
        foreach (var inSegment in jobs.GroupBy(j => Segments.Of(j.Jid)))
        {
            var wanted = inSegment.ToDictionary(j => j.Jid, _ => new List<JobEvent>());
            await foreach (var row in journal.ReadAsync(inSegment.Key, 1, long.MaxValue, cancel))
            foreach (var e in row.Changed?.Events ?? [])
                for (var jid = e.Jid; jid < e.Jid + Math.Max(1, e.Count); jid++)
                    if (wanted.TryGetValue(jid, out var events))
                        events.Add(e);
            foreach (var job in inSegment)
            {
                var lines = Pilog.Lines(job.Jid, wanted[job.Jid]);
                if (job.WaitingFor.Length > 0)
                    lines = lines.Append(Pilog.Waits(job.Jid, job.WaitingFor, Now()));
                var text = string.Join('\n', lines) + "\n";
                job.Pilog = text[Math.Max(0, text.Length - PilogCharacters)..];
            }
        }
    }

    private long Now() =>
        (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
