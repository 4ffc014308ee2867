using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;

namespace JobCloud.Node.Tests.Indexing;

/// <summary>An index that receives no rows, as for segments on another node.</summary>
public sealed class SharedIndexTests : SegmentsTest
{
    private readonly TestHome _home = new();
    private readonly List<SegmentHead> _heads = [];
    private int _journalReads;

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
                    Heads = () => throw new TimeoutException("the store is unavailable"),
                }
            )
        );

        index.Tell(new ListSubmissions(SliceFilter.Everything, 9), TestActor);

        Assert.IsType<TimeoutException>(ExpectMsg<Status.Failure>().Cause);
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
        Assert.InRange(_journalReads, 1, 5);
    }

    private IActorRef Start(int pageBytes) => Sys.ActorOf(SharedIndex.Props(Ports(pageBytes)));

    private SharedIndexDependencies Ports(int pageBytes) =>
        new(
            Sys.ActorOf(
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
            () =>
            {
                _journalReads++;
                return Task.FromResult<IReadOnlyList<SegmentHead>>([.. _heads]);
            },
            Region,
            pageBytes,
            SegmentsAtOnce: 2,
            Limit
        );

    private (long, long)[] List(IActorRef index)
    {
        index.Tell(new ListSubmissions(SliceFilter.Everything, 9), TestActor);
        return [.. ExpectMsg<SubmissionsListed>().Rows.Select(row => (row.First, row.Last))];
    }
}
