using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using JobCloud.Node.Daemon.Allocation;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Node.Tests.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.Node.Tests.Submissions;

/// <summary>A submitter of node n1 with real segments, a real allocator and a scripted
/// journal.</summary>
public abstract class SubmitterTest : ActorTest
{
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    protected SubmitterTest()
        : base(ScriptedJournal.Config)
    {
        Lifecycle = CreateTestProbe("lifecycle");
        Requests = CreateTestProbe("requests");
        Segments = Sys.ActorOf(
            Props.Create(() =>
                new TestRegion(n => SegmentActor.Props(n, SegmentPorts()), Lifecycle)
            ),
            "region"
        );
        Wire = Sys.ActorOf(Props.Create(() => new Tap(Segments, Requests, Route)), "tap");
        Allocator = Sys.ActorOf(AllocatorActor.Props("allocator", Clock));
        Journal = Persistence.Instance.Apply(Sys).JournalFor("");
    }

    protected TestProbe Lifecycle { get; }

    /// <summary>Receives a copy of each request to a segment.</summary>
    protected TestProbe Requests { get; }
    protected IActorRef Segments { get; }
    protected IActorRef Wire { get; }
    protected IActorRef Allocator { get; }
    protected IActorRef Journal { get; }
    protected FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    /// <summary>Selects the requests that reach their segment; others are lost.</summary>
    protected Func<SegmentRequest, bool> Delivers { get; set; } = _ => true;

    /// <summary>The reply in place of the segment's; null: the segment replies.</summary>
    protected Func<SegmentRequest, SegmentReply?> ReplyInstead { get; set; } = _ => null;
    protected int MaxInFlight { get; set; } = 1000;

    /// <summary>Null: there are no other nodes.</summary>
    private protected IClaimStore? Claims { get; set; }
    protected TimeSpan ClaimWithin { get; set; } = Limit;

    /// <summary>The earlier submission under a request ID; null: the index does not
    /// answer.</summary>
    private protected Func<FindRequest, RequestFound?> EarlierJobs { get; set; } = _ => new(0, 0);
    protected TimeSpan Timeout { get; set; } = Limit;
    protected Func<Task<IReadOnlyList<long>>>? Heads { get; set; }

    /// <summary>Waits until all requests sent to the first segment have arrived.</summary>
    protected void AwaitArrival()
    {
        Wire.Ask<ActorIdentity>(new Identify(null), Limit).Wait();
        Segments.Ask<ActorIdentity>(new TestRegion.ToSegment(0, new Identify(null)), Limit).Wait();
    }

    protected IActorRef Start(string node = "n1") =>
        Sys.ActorOf(
            SubmitterActor.Props(
                new SubmitterDependencies(
                    node,
                    () => Wire,
                    Allocator,
                    () => (Heads ?? HeadsAsync)(),
                    Clock,
                    Timeout,
                    TimeSpan.FromMilliseconds(10),
                    MaxInFlight,
                    new RequestIdClaims(
                        Claims,
                        Sys.ActorOf(ScriptedActor.Of(find => EarlierJobs((FindRequest)find))),
                        ClaimWithin
                    ),
                    Limit
                )
                {
                    BindBlobs = (blobs, owner, first, last) => Bind(blobs, owner, first, last),
                }
            )
        );

    /// <summary>Notes references; the contents that are missing.</summary>
    private protected Func<
        IReadOnlyList<BlobRef>,
        string,
        long,
        long,
        Task<IReadOnlyList<BlobRef>>
    > Bind { get; set; } = static (_, _, _, _) => Task.FromResult<IReadOnlyList<BlobRef>>([]);

    /// <summary>A new submitter, as after a restart of the node.</summary>
    protected IActorRef Restart(IActorRef submitter)
    {
        Watch(submitter);
        Sys.Stop(submitter);
        ExpectTerminated(submitter, Limit);
        return Start();
    }

    private protected JobsSubmitted Submit(
        IActorRef submitter,
        long count = 1,
        string requestId = ""
    )
    {
        submitter.Tell(Jobs(count, requestId), TestActor);
        return ExpectMsg<JobsSubmitted>(Limit);
    }

    private protected static SubmitJobs Jobs(
        long count = 1,
        string requestId = "",
        string owner = "ann"
    ) =>
        new(
            new Submitted
            {
                Spec = new JobSpec { Command = "echo {x}", Cores = 1 },
                Columns =
                {
                    new MapColumn
                    {
                        Name = "x",
                        Sequence = new NumberSequence
                        {
                            First = 0,
                            Step = 1,
                            Length = count,
                        },
                    },
                },
                IsMap = count > 1,
                Owner = owner,
                RequestId = requestId,
            },
            count
        );

    /// <summary>A list of submissions with so many jobs each.</summary>
    private protected static SubmitJobs ListOf(string requestId, params long[] counts) =>
        new([.. counts.Select(count => Jobs(count, requestId).Parts[0])]);

    protected async Task<JobsRead> ReadAsync(long jid) =>
        (
            await Segments.Ask<SegmentReply>(
                new SegmentRequest
                {
                    Segment = Protocol.Notation.Segments.Of(jid),
                    By = "ann",
                    Read = new ReadJobs
                    {
                        Jobs = { JidRanges.Range(jid, jid) },
                        Depth = ReadDepth.Detail,
                    },
                },
                Limit
            )
        ).Jobs;

    /// <summary>The slices, releases and voids sent, in order, without read requests.</summary>
    protected List<string> Sent()
    {
        var sent = new List<string>();
        while (Requests.HasMessages)
            switch (Requests.ReceiveOne(TimeSpan.Zero))
            {
                case SegmentRequest { Submit: { } slice } request:
                    sent.Add(
                        $"{request.Segment}:{slice.First}+{slice.Count}{(slice.Held ? " held" : "")}"
                    );
                    break;
                case SegmentRequest { SubmitList: { } list } request:
                    sent.Add(
                        $"{request.Segment}:"
                            + string.Join(
                                ' ',
                                list.Slices.Select(slice => $"{slice.First}+{slice.Count}")
                            )
                            + (list.Slices[0].Held ? " held" : "")
                    );
                    break;
                case SegmentRequest { Release: { } release } request:
                    sent.Add($"{request.Segment}:release {release.SubmissionFirst}");
                    break;
                case SegmentRequest { Void: { } voided } request:
                    sent.Add($"{request.Segment}:void {voided.From}");
                    break;
            }
        return sent;
    }

    protected async Task<IReadOnlyList<long>> HeadsAsync() =>
        [.. await Journal.Ask<long[]>(new ScriptedJournal.ReadSegments(), Limit)];

    private SegmentDependencies SegmentPorts() =>
        new(
            () => Segments,
            ActorRefs.Nobody,
            ActorRefs.Nobody,
            ActorRefs.Nobody,
            JobRules.Default,
            Clock,
            TestHome.NoDamage,
            4096,
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMinutes(1),
            (_, _) => Task.FromResult<SegmentHistory?>(null),
            ActorRefs.Nobody
        );

    private (bool Delivers, SegmentReply? Reply) Route(SegmentRequest request) =>
        ReplyInstead(request) is { } reply ? (false, reply) : (Delivers(request), null);

    private sealed class Tap(
        IActorRef region,
        IActorRef requests,
        Func<SegmentRequest, (bool Delivers, SegmentReply? Reply)> route
    ) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var (delivers, reply) = route((SegmentRequest)message);
            if (reply is not null)
                Sender.Tell(reply);
            if (delivers)
                region.Forward(message);
            requests.Tell(message);
        }
    }
}
