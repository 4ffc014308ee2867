using System.Runtime.CompilerServices;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Assembles the details of jobs from their segment, their node and the journal.</summary>
internal sealed class InfoHandler(
    Selections selections,
    SegmentClient segments,
    AttemptDetailClient attempts,
    JournalReader journal,
    ExplainHandler explanations,
    TimeProvider clock,
    RequestMemory memory,
    int maxExplained
)
{
    private const int PilogCharacters = 65_536;

    /// <summary>What one request holds at most: pages of details, and answers of nodes.</summary>
    private const long MostBytes = 16 << 20;

    /// <summary>Size of a job without the texts that its node or the journal adds.</summary>
    private const long BytesPerJob = 2_048;

    public async IAsyncEnumerable<Outcome<JobDetail>> InfoAsync(
        InfoRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var items = InfoSelection.Parse(request.Items);
        if (!items.Ok)
        {
            yield return Refusals.Of(RefusalCode.Usage, items.Error.Message);
            yield break;
        }
        var selected = await selections.ResolveAsync(request.Jobs, by, cancel);
        if (!selected.IsGranted)
        {
            yield return selected.Refusal;
            yield break;
        }
        var needs = items.Value.Needs;
        var taken = await memory.TakeAsync(by, BytesOf(selected.Reply, needs), cancel);
        if (!taken.IsGranted)
        {
            yield return taken.Refusal;
            yield break;
        }
        using var held = taken.Reply;
        await foreach (var read in segments.ReadDetailsAsync(selected.Reply, by))
        {
            if (!read.IsGranted)
            {
                yield return read.Refusal;
                yield break;
            }
            await ExplainAsync(read.Reply.Details, needs, cancel);
            await foreach (var job in attempts.AddAsync(read.Reply.Details, needs))
            {
                if (!by.IsAdmin)
                    job.Spec = Definitions.WithoutValues(job.Spec);
                yield return job;
            }
        }
    }

    private static long BytesOf(IReadOnlyList<JidRange> jobs, InfoNeed needs)
    {
        var perJob = BytesPerJob + NodeQuestions.TextBytes(needs);
        return Math.Min(MostBytes, Math.Min(JidRanges.Count(jobs), MostBytes) * perJob);
    }

    /// <summary>Adds details from the scheduler and the journal.</summary>
    private async Task ExplainAsync(
        IReadOnlyList<JobDetail> jobs,
        InfoNeed needs,
        CancellationToken cancel
    )
    {
        if ((needs & (InfoNeed.Waiting | InfoNeed.Pilog)) != 0)
            await AddWaitingAsync(jobs.Where(j => !j.Status.IsFinished()).Take(maxExplained));
        if (needs.HasFlag(InfoNeed.Pilog))
            await AddPilogAsync(jobs, cancel);
    }

    /// <summary>Stops at the first question that the scheduler does not answer.</summary>
    private async Task AddWaitingAsync(IEnumerable<JobDetail> unfinished)
    {
        foreach (var job in unfinished.Where(j => j.Status != Status.Processing))
            if ((job.WaitingFor = await explanations.WaitsForAsync(job)).Length == 0)
                return;
    }

    private async Task AddPilogAsync(IReadOnlyList<JobDetail> jobs, CancellationToken cancel)
    {
        foreach (var inSegment in jobs.GroupBy(j => Segments.Of(j.Jid)))
        {
            var wanted = inSegment.ToDictionary(j => j.Jid, _ => new List<JobEvent>());
            await foreach (var row in journal.ReadAsync(inSegment.Key, 1, long.MaxValue, cancel))
            foreach (var e in row.Changed?.Events ?? [])
                for (var jid = new Jid(e.Jid); jid < e.Jid + Math.Max(1, e.Count); jid++)
                    if (wanted.TryGetValue(jid, out var events))
                        events.Add(e);
            foreach (var job in inSegment)
            {
                var lines = Pilog.Lines(new Jid(job.Jid), wanted[job.Jid]);
                if (job.WaitingFor.Length > 0)
                    lines = lines.Append(Pilog.Waits(new Jid(job.Jid), job.WaitingFor, Now()));
                var text = string.Join('\n', lines) + "\n";
                job.Pilog = text[Math.Max(0, text.Length - PilogCharacters)..];
            }
        }
    }

    private long Now() => clock.NowMicroseconds();
}
