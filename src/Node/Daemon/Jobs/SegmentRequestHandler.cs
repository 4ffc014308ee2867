using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Maps;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Past;
using Case = JobCloud.Protocol.Nodes.SegmentRequest.RequestOneofCase;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Handles a segment's requests: calls the decision and returns the reply, if
/// any.</summary>
internal static class SegmentRequestHandler
{
    public static SegmentReply? Handle(
        PendingCommit batch,
        SegmentRequest request,
        IActorRef sender,
        Subscribers subscribers
    )
    {
        switch (request.RequestCase)
        {
            case Case.Submit:
                return Submit(batch, [request.Submit]);
            case Case.SubmitList when request.SubmitList.Slices.Count > 0:
                return Submit(batch, request.SubmitList.Slices);
            case Case.Change:
                return Change(batch, request);
            case Case.Read when request.Read.Depth == ReadDepth.Deleted:
                return Reply(batch, Deleted(batch.Segment, request.Read, CallerOf(request)));
            case Case.Read:
                return Reply(batch, Read(batch.Segment, request.Read, CallerOf(request)));
            case Case.Elements:
                return Reply(batch, Elements(batch.Segment, request.Elements, CallerOf(request)));
            case Case.Times:
                return Reply(batch, Times(batch.Segment, request.Times, CallerOf(request)));
            case Case.Highest:
                return Reply(batch, Highest(batch.Segment));
            case Case.Release:
                Decide.Release(batch, request.Release.SubmissionFirst);
                return null;
            case Case.Void:
                Decide.Void(batch, request.Void.From);
                return Reply(batch, Highest(batch.Segment));
            case Case.Assign:
                Decide.Assign(batch, request.Assign);
                return null;
            case Case.Reports:
                Decide.Report(batch, request.Reports);
                return null;
            case Case.NodeChanged when request.NodeChanged.Gone:
                Decide.LoseNode(batch, request.NodeChanged.Node, request.NodeChanged.Planned);
                return null;
            case Case.NodeChanged:
                batch.Effects.CheckNode(request.NodeChanged.Node);
                return null;
            case Case.Dependents:
                Decide.Register(batch, request.Dependents);
                return null;
            case Case.Outcome:
                Decide.Settle(batch, request.Outcome);
                return null;
            case Case.Reindex:
                batch.Effects.Reindex();
                return null;
            case Case.Scheduler:
                batch.Effects.SendFullUpdate();
                return null;
            case Case.Terminal:
                Decide.Terminal(batch, request.Terminal, request.By);
                return Reply(batch, new SegmentReply { Changed = new ChangeResult() });
            case Case.Subscribe:
                subscribers.Change(sender, request.Subscribe, CallerOf(request));
                return null;
            default:
                return Reply(
                    batch,
                    new SegmentReply
                    {
                        Refusal = Refusals.Of(
                            RefusalCode.Usage,
                            "This node does not support the request: its version is older than the sender's."
                        ),
                    }
                );
        }
    }

    private static SegmentReply Submit(PendingCommit batch, IReadOnlyList<SubmitSlice> slices) =>
        Decide.Submit(batch, slices) is { } refusal
            ? Reply(batch, new SegmentReply { Refusal = refusal })
            : Reply(
                batch,
                new SegmentReply
                {
                    Submitted = new SliceSubmitted
                    {
                        First = slices[0].First,
                        Count = slices.Sum(slice => slice.Count),
                    },
                }
            );

    private static SegmentReply Highest(Segment segment) =>
        new()
        {
            Highest = new HighestJidIs
            {
                Jid = segment.Highest,
                HeldSubmission =
                    segment.Find(new Jid(segment.Highest)) is { } top && segment.IsHeld(top.Slice)
                        ? top.Slice.Head
                        : 0,
            },
        };

    private static SegmentReply Change(PendingCommit batch, SegmentRequest request) =>
        Decide.Change(batch, request.Change, CallerOf(request), out var changed) is { } refusal
            ? Reply(batch, new SegmentReply { Refusal = refusal })
            : Reply(batch, new SegmentReply { Changed = new ChangeResult { Changed = changed } });

    private static SegmentReply Reply(PendingCommit batch, SegmentReply reply)
    {
        reply.Segment = batch.Segment.Number;
        return reply;
    }

    private static Requester CallerOf(SegmentRequest request) => new(request.By, request.Admin);

    /// <summary>A segment's deleted jobs fit one reply.</summary>
    private static SegmentReply Deleted(Segment segment, ReadJobs request, Requester by)
    {
        var read = new JobsRead();
        foreach (var jid in JidRanges.Enumerate(request.Jobs))
            if (segment.Find(jid) is { IsDeleted: true } job && by.MayUse(job))
                read.Details.Add(JobViews.Detail(job));
        return new SegmentReply { Jobs = read };
    }

    /// <summary>A map's jobs of one segment fit one reply.</summary>
    private static SegmentReply Elements(Segment segment, ReadElements request, Requester by)
    {
        if (
            segment.Slice(request.SubmissionFirst) is { } slice
            && segment.Find(new Jid(slice.First)) is { } job
            && !by.MayUse(job)
        )
            return new SegmentReply { Refusal = Refusals.NotAllowed(new Jid(slice.First)) };
        return new SegmentReply { Elements = ElementsReader.Read(segment, request, by.User) };
    }

    /// <summary>The times of all jobs of a segment fit one reply.</summary>
    private static SegmentReply Times(Segment segment, ReadTimes request, Requester by)
    {
        foreach (var jid in JidRanges.Enumerate(request.Jobs))
            if (segment.Find(jid) is { } job && !by.MayUse(job))
                return new SegmentReply { Refusal = Refusals.NotAllowed(jid) };
        return new SegmentReply { Times = LifeReader.Read(segment, request) };
    }

    private static SegmentReply Read(Segment segment, ReadJobs request, Requester by)
    {
        var read = new JobsRead();
        var (seen, bytes) = (0, 0L);
        foreach (var jid in JidRanges.Enumerate(request.Jobs))
        {
            if (seen++ < request.Skip)
                continue;
            var job = segment.Find(jid);
            if (job is null)
                read.Unknown.Add(JidRanges.Range(jid, jid));
            else if ((request.OwnOnly || request.Depth != ReadDepth.Status) && !by.MayUse(job))
                return new SegmentReply { Refusal = Refusals.NotAllowed(jid) };
            else if (request.Depth == ReadDepth.Status)
                StatusRuns.Append(read.Runs, jid, job.Status);
            else if (read.Next == 0)
                AddDetail(JobViews.Detail(job, segment));
            if (job is { IsDeleted: true })
            {
                read.Deleted.Add(JidRanges.Range(jid, jid));
                read.Removals.Add(job.Removal);
                read.Removers.Add(job.Remover);
            }
        }
        return new SegmentReply { Jobs = read };

        // Every job is checked, including those whose details go to the next page.
        void AddDetail(JobDetail detail)
        {
            bytes += detail.CalculateSize();
            if (request.MaxBytes > 0 && bytes > request.MaxBytes && read.Details.Count > 0)
                read.Next = seen - 1;
            else
                read.Details.Add(detail);
        }
    }
}
