using Google.Protobuf;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Maps;

/// <summary>Reads the jobs of a map that a segment has.</summary>
public static class ElementsReader
{
    /// <summary>Keys of an order that are regarded.</summary>
    public const int MaxKeys = 4;

    /// <summary>Characters of a text that are regarded in an order.</summary>
    private const int MaxText = 200;

    /// <summary>A query that cannot be read matches nothing; the caller checks it.</summary>
    public static ElementsRead Read(Segment segment, ReadElements request, string me)
    {
        var read = new ElementsRead();
        if (segment.Slice(request.SubmissionFirst) is not { } slice)
            return read;
        read.First = slice.First;
        var jobs = Jobs(segment, slice).ToList();
        if (request.Facts)
            AddFacts(read, jobs, request.Now);
        if (request.Failures)
        {
            var groups = new FailureGroups();
            foreach (var job in jobs)
                if (job is { IsDeleted: false } && job.Status.IsBad())
                    groups.Add(job.Status, JobViews.ReasonOf(job.Phase), 1, job.Jid);
            read.Failures.Add(groups.Most());
        }
        if (request.Submission)
            AddSubmission(read, slice);
        if (request.Find)
            Find(read, jobs, QueryBinder.Read(request.Query, me), request.Now);
        return read;
    }

    // Columns with files are sent without them: whoever reads them sees that files are missing.
    private static void AddSubmission(ElementsRead read, Slice slice)
    {
        (read.Count, read.Deleted) = (slice.Count, slice.Counts[0]);
        read.Submitted = slice.Submitted.Clone();
        read.Submitted.Spec = JobViews.WithoutFiles(slice.Spec);
        foreach (var file in read.Submitted.Columns.SelectMany(c => c.List?.Files ?? []))
            (file.Content, file.Blob) = (ByteString.Empty, null);
    }

    private static IEnumerable<Job> Jobs(Segment segment, Slice slice)
    {
        for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
            if (segment.Find(jid) is { } job)
                yield return job;
    }

    private static void AddFacts(ElementsRead read, List<Job> jobs, long now)
    {
        var statuses = new byte[jobs.Count];
        for (var i = 0; i < jobs.Count; i++)
        {
            var job = jobs[i];
            statuses[i] = job.IsDeleted ? (byte)0 : (byte)job.Status;
            read.RuntimesUs.Add(RuntimeOf(job.Phase, now));
            read.MemoryBytes.Add(
                Math.Max(0, (job.Phase as JobPhase.Ended)?.Last?.Usage?.MemoryMaxBytes ?? 0)
            );
        }
        read.Statuses = UnsafeByteOperations.UnsafeWrap(statuses);
    }

    private static long RuntimeOf(JobPhase phase, long now) =>
        phase switch
        {
            JobPhase.Processing p => Math.Max(0, now - p.Started),
            JobPhase.Ended { Last.Started: > 0 } e => Math.Max(0, e.Finished - e.Last.Started),
            _ => -1,
        };

    private static void Find(
        ElementsRead read,
        List<Job> jobs,
        QueryResult<BoundQuery> query,
        long now
    )
    {
        if (!query.Ok)
            return;
        var isAny = query.Value is { Filter: null, Sort.Count: 0 };
        var commands = new ElementCommands();
        foreach (var job in jobs)
        {
            if (job.IsDeleted)
                continue;
            if (isAny)
            {
                read.Found.Add(job.Jid);
                continue;
            }
            var row = RowBuilder.Job(JobViews.ForRow(job, commands.Of(job)));
            if (!QueryEvaluator.Matches(query.Value, row, now))
                continue;
            read.Found.Add(job.Jid);
            foreach (var key in query.Value.Sort.Take(MaxKeys))
            {
                read.Ranks.Add(QueryEvaluator.Rank(key.Field, row, now) ?? long.MinValue);
                read.Texts.Add(Cut((key.Field as RowField.Text)?.Get(row) ?? ""));
            }
        }
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
