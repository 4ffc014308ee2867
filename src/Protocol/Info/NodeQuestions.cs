using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Outputs;
using JobCloud.Protocol.Timelines;

namespace JobCloud.Protocol.Info;

/// <summary>Questions about a job to the node of its newest attempt, and the merging of the
/// answers.</summary>
public static class NodeQuestions
{
    /// <summary>Memory for the end of a stream that a node sends.</summary>
    private const long OutputEndBytes = 128 << 10;

    private static readonly (InfoNeed Need, AttemptItem Item)[] OfRunning =
    [
        (InfoNeed.Usage, AttemptItem.Usage),
        (InfoNeed.Ports, AttemptItem.Ports),
        (InfoNeed.Terminals, AttemptItem.Terminals),
    ];

    private static readonly (InfoNeed Need, OutputStream Stream)[] OfOutput =
    [
        (InfoNeed.Stdout, OutputStream.Stdout),
        (InfoNeed.Stderr, OutputStream.Stderr),
        (InfoNeed.Timeline, OutputStream.Timeline),
        (InfoNeed.Logging, OutputStream.Logging),
        (InfoNeed.Syslog, OutputStream.Syslog),
        (InfoNeed.Profile, OutputStream.Profile),
        (InfoNeed.Exception, OutputStream.Exception),
    ];

    /// <summary>The most that texts of these needs add to one job, in bytes.</summary>
    public static long TextBytes(InfoNeed needs) =>
        OutputEndBytes
        * (
            OfOutput.Count(one => needs.HasFlag(one.Need)) + (needs.HasFlag(InfoNeed.Pilog) ? 1 : 0)
        );

    /// <summary>The questions to ask. It marks items that the job cannot have as absent.</summary>
    public static IEnumerable<AttemptQuestion> Of(JobDetail job, InfoNeed needs)
    {
        if (job.Node.Length == 0)
            yield break;
        if (job.Status == Status.Processing)
            foreach (var (need, item) in OfRunning)
                if (needs.HasFlag(need))
                    yield return Question(job, item);
        if (job.Attempt == 0)
            yield break;
        foreach (var (need, stream) in OfOutput)
            if (!needs.HasFlag(need))
                continue;
            else if (AbsenceOf(job, stream) is { } why)
                AddAbsence(job, ItemOf(stream), why);
            else if (!EmptyStreams.IsEmpty(job.Exit, stream))
                yield return Question(job, AttemptItem.Output, stream);
    }

    /// <summary>Why the job cannot have a stream; null: it may have one.</summary>
    private static string? AbsenceOf(JobDetail job, OutputStream stream) =>
        stream switch
        {
            OutputStream.Profile => ProfileAbsence.Of(job),
            OutputStream.Exception => ExceptionAbsence.Of(job),
            _ => null,
        };

    /// <summary>Adds an answer to its job; an empty answer makes the item absent.</summary>
    public static void Put(JobDetail job, AttemptQuestion question, AttemptAnswer answer)
    {
        switch (question.Item)
        {
            case AttemptItem.Usage:
                job.Usage = answer.Usage;
                break;
            case AttemptItem.Ports when answer.Ports is { Trouble.Length: > 0 } unknown:
                AddAbsence(job, "ports", unknown.Trouble);
                break;
            case AttemptItem.Ports:
                job.Ports = answer.Ports?.Ports;
                break;
            case AttemptItem.Terminals when answer.Terminals is { } open:
                job.Terminals.Add(open.Terminals);
                break;
            case AttemptItem.Terminals:
                AddAbsence(job, "terminals", $"node {job.Node} is unreachable");
                break;
            case AttemptItem.Output when question.Stream == OutputStream.Timeline:
                PutTimeline(job, answer.Output);
                break;
            case AttemptItem.Output:
                PutText(job, question.Stream, answer);
                break;
        }
    }

    private static void PutTimeline(JobDetail job, OutputEnd? end)
    {
        if (end is null)
            AddAbsence(
                job,
                ItemOf(OutputStream.Timeline),
                "it ended before the first sample, or node "
                    + $"{job.Node} no longer keeps it or is unreachable"
            );
        else
            job.Timeline.Add(TimelineSamples.Read(end.Data.Span));
    }

    private static void PutText(JobDetail job, OutputStream stream, AttemptAnswer answer)
    {
        var end = answer.Output;
        if (end is null && EmptyStreams.MayBeEmpty(job.Exit, stream))
            end = new OutputEnd();
        if (end is null)
        {
            AddAbsence(
                job,
                ItemOf(stream),
                $"no longer kept on node {job.Node}, or the node is unreachable"
            );
            return;
        }
        if (end.Dropped > 0)
            job.Partial.Add(
                new Absence
                {
                    Item = ItemOf(stream),
                    Why =
                        $"its first {end.Dropped} bytes were dropped (jobcloud.executor.output-limit or disk-reserve)",
                }
            );
        if (end.Data.IsEmpty)
            AddAbsence(job, ItemOf(stream), answer.Lacking);
        SetText(job, stream, end.Data.ToStringUtf8());
    }

    private static void SetText(JobDetail job, OutputStream stream, string text)
    {
        switch (stream)
        {
            case OutputStream.Stdout:
                job.Stdout = text;
                break;
            case OutputStream.Stderr:
                job.Stderr = text;
                break;
            case OutputStream.Logging:
                job.Logging = text;
                break;
            case OutputStream.Syslog:
                job.Syslog = text;
                break;
            case OutputStream.Profile:
                job.Profile = text;
                break;
            case OutputStream.Exception:
                job.Exception = text;
                break;
        }
    }

    /// <summary>The info item that shows a stream.</summary>
    private static string ItemOf(OutputStream stream) => stream.ToString().ToLowerInvariant();

    private static void AddAbsence(JobDetail job, string item, string why)
    {
        if (why.Length > 0)
            job.Absent.Add(new Absence { Item = item, Why = why });
    }

    private static AttemptQuestion Question(
        JobDetail job,
        AttemptItem item,
        OutputStream stream = OutputStream.Stdout
    ) =>
        new()
        {
            Jid = job.Jid,
            Attempt = job.Attempt,
            Item = item,
            Stream = stream,
        };
}
