using System.Runtime.CompilerServices;
using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Past;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Turns rows of the index to what they were at an earlier instant. Asks the segments of
/// the few rows that do not tell: jobs that had earlier attempts, and maps that were
/// running.</summary>
internal sealed class PastRows(
    IActorRef index,
    SegmentClient segments,
    long at,
    Identity by,
    TimeSpan within
)
{
    /// <summary>Questions to segments in one request.</summary>
    public const int MaxQuestions = 1_000;

    private int _questions;

    /// <summary>Whether it may ask no more segments.</summary>
    public bool IsSpent => _questions >= MaxQuestions;

    /// <summary>The row at the instant, or a row for each of its jobs, newest first; none if it was
    /// not submitted yet.</summary>
    public async IAsyncEnumerable<JobRow> ReadAsync(
        JobRow row,
        bool isExpanded,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (isExpanded && row.First < row.Last)
        {
            if (row.Created <= at)
                await foreach (var job in ExpandAsync(row, cancel))
                    yield return job;
        }
        else if (await OneAsync(row, cancel) is { } past)
            yield return past;
    }

    private async Task<JobRow?> OneAsync(JobRow row, CancellationToken cancel)
    {
        if (PastJobs.IsCertain(row, at))
            return PastJobs.At(row, at);
        if (row.First == row.Last)
        {
            _questions++;
            var job = await segments.DetailAsync(new Jid(row.First), by);
            return job.IsGranted && PastJobs.At(job.Reply, at) is { } past
                ? RowBuilder.Job(past)
                : null;
        }
        var slices = await SlicesAsync(row, cancel);
        _questions += slices.Count;
        var lives = new List<JobLife>();
        await foreach (var read in segments.TimesAsync(slices, by))
            if (read.IsGranted)
                lives.AddRange(LifeReader.Lives(read.Reply));
            else
                return null;
        return PastJobs.At(row, lives, at);
    }

    private async IAsyncEnumerable<JobRow> ExpandAsync(
        JobRow row,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        foreach (var slice in await SlicesAsync(row, cancel))
        {
            if (_questions++ >= MaxQuestions)
                yield break;
            var jobs = new List<JobRow>();
            await foreach (var page in segments.DetailsAsync([slice], by))
            foreach (var job in page.Details)
                if (!job.Deleted && PastJobs.At(job, at) is { } past)
                    jobs.Add(RowBuilder.Job(past));
            for (var i = jobs.Count - 1; i >= 0; i--)
                yield return jobs[i];
        }
    }

    private async Task<IReadOnlyList<JidRange>> SlicesAsync(JobRow row, CancellationToken cancel)
    {
        var find = new FindSlices(row.First, SliceFilter.Everything);
        return (await index.Ask<SlicesFound>(find, within, cancel)).Slices;
    }
}
