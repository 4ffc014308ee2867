using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Indexing;

/// <summary>An index that receives no rows, as for segments on another node.</summary>
public sealed class SharedIndexTests : SegmentsTest
{
    private readonly TestHome _home = new();
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);
    private List<SegmentHead> _heads = [];
    private readonly List<SegmentHead> _compacted = [];
    private readonly List<long> _looks = [];
    private TimeSpan _forgetInterval = TimeSpan.FromHours(1);
    private IActorRef _index = ActorRefs.Nobody;
    private readonly List<long?> _reads = [];
    private long _newest;

    protected override void AfterAll()
    {
        base.AfterAll();
        _home.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1 << 16)]
    public void A_submission_on_another_node_is_found(int pageBytes)
    {
        Submitted((1, 3), (4, 1), (1_024, 2));
        _heads.AddRange([new(0, 2), new(1, 1)]);
        var index = Start(pageBytes);

        Assert.Equal([(1_024, 1_025), (4, 4), (1, 3)], List(index));

        Submitted((5, 1));
        _heads[0] = new(0, 3);
        Assert.Equal([(1_024, 1_025), (5, 5), (4, 4), (1, 3)], List(index));
    }

    [Fact]
    public void A_store_failure_fails_the_query()
    {
        var index = Sys.ActorOf(
            SharedIndex.Props(
                Ports(1) with
                {
                    Heads = _ => throw new TimeoutException("the store is unavailable"),
                }
            )
        );

        index.Tell(new ListSubmissions(SliceFilter.Everything, 9), TestActor);

        Assert.IsType<TimeoutException>(ExpectMsg<Akka.Actor.Status.Failure>().Cause);
    }

    [Fact]
    public void A_row_that_was_read_is_not_read_again()
    {
        Submitted((1, 1));
        (_heads, _newest) = ([new(0, 1)], 7);
        var index = Start(1 << 16);
        Assert.Equal([(1, 1)], List(index));
        Assert.Equal([(1, 1)], List(index));
        Assert.Equal([null, null], _reads);

        Advance(Late);
        Submitted((2, 1));
        (_heads, _newest) = ([new(0, 2)], 8);
        Assert.Equal([(2, 2), (1, 1)], List(index));
        Assert.Equal([null, null, 7], _reads);

        // The index lost rows.
        Sys.EventStream.Publish(new IndexFellBehind());
        Assert.Equal([(2, 2), (1, 1)], List(index));
        Assert.Equal([null, null, 7, null], _reads);
    }

    [Fact]
    public void Concurrent_queries_share_a_catch_up()
    {
        Submitted((1, 1));
        _heads.Add(new(0, 1));
        var index = Start(1 << 16);

        for (var i = 0; i < 20; i++)
            index.Tell(new ListSubmissions(SliceFilter.Everything, 9), TestActor);

        for (var i = 0; i < 20; i++)
            Assert.Single(ExpectMsg<SubmissionsListed>().Rows);
        Assert.InRange(_reads.Count, 1, 5);
    }

    [Fact]
    public async Task Deleted_jobs_of_another_node_leave_the_index_without_a_query()
    {
        Submitted((1, 1), (2, 1), (1_024, 1));
        _heads.AddRange([new(0, 2)]);
        _forgetInterval = TimeSpan.FromMilliseconds(10);
        var index = Start(1 << 16);
        Assert.Equal([(2, 2), (1, 1)], List(index));
        // Of segment 1 the index has no rows, so there is nothing to forget.
        _compacted.AddRange([new(0, 4), new(1, 4)]);
        Ask(Kill(1));
        Ask(
            new SegmentRequest
            {
                By = "ann",
                Change = new ChangeJobs
                {
                    Change = Change.Delete,
                    Jobs =
                    {
                        new JidRange { First = 1, Last = 1 },
                    },
                },
            }
        );

        await Eventually.HoldsAsync(
            async () =>
            {
                Advance(_forgetInterval);
                var find = new FindSlices(1, SliceFilter.Everything);
                return (await _index.Ask<SlicesFound>(find, Limit)).Slices.Count == 0;
            },
            "forgotten"
        );
        await Eventually.HoldsAsync(
            () =>
            {
                Advance(_forgetInterval);
                return _looks.Count > 3;
            },
            "it looks again"
        );
        Assert.Equal([0L, 0, 100, 200], _looks.Take(4));
        Assert.Single(_reads);
    }

    private IActorRef Start(int pageBytes) => Sys.ActorOf(SharedIndex.Props(Ports(pageBytes)));

    private SharedIndexDependencies Ports(int pageBytes) =>
        new(
            _index = Sys.ActorOf(
                IndexActor.Props(
                    $"{_home.Path}/index.db",
                    "store",
                    new IndexSettings
                    {
                        WriteInterval = TimeSpan.FromHours(1),
                        PageBytes = pageBytes,
                    }
                )
            ),
            after =>
            {
                _reads.Add(after);
                return Task.FromResult(new SegmentHeads([.. _heads], _newest));
            },
            after =>
            {
                _looks.Add(after);
                return Task.FromResult(new SegmentHeads([.. _compacted], 100 * _looks.Count));
            },
            Region,
            pageBytes,
            SegmentsAtOnce: 2,
            Limit,
            _forgetInterval,
            Late,
            Clock
        );

    private (long, long)[] List(IActorRef index)
    {
        index.Tell(new ListSubmissions(SliceFilter.Everything, 9), TestActor);
        return [.. ExpectMsg<SubmissionsListed>().Rows.Select(row => (row.First, row.Last))];
    }
}
