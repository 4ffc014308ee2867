using Akka.Actor;
using FsCheck.Xunit;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Node.Tests.Indexing;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Testing;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Node.Tests.Gateway;

public sealed class RankedListTests : ActorTest
{
    private const long At = Generators.Now;
    private const int MaxBytes = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly RowField[] Ranged =
    [
        .. RowFields.All.Where(field =>
            RankedList.CanList(new BoundQuery(null, [new(field, true)], null))
        ),
    ];

    [Fact]
    public void Numbers_times_and_runtimes_can_be_listed_by_the_ranges_of_segments() =>
        Assert.Equal(
            ["priority", "cores", "attempt", "created", "started", "finished", "runtime"],
            Ranged.Select(field => field.Name)
        );

    [Property(MaxTest = 60, Arbitrary = [typeof(Slices), typeof(QueryGenerators)])]
    public void A_list_by_ranges_has_what_a_sort_of_all_rows_has(
        FeedSlice[] slices,
        BoundQuery filter,
        int seed
    )
    {
        var random = new Random(seed);
        foreach (var slice in slices.Where(slice => slice.Row.Counts.Skip(1).Take(3).Sum() == 0))
            slice.Row.Finished = Math.Max(slice.Row.Finished, slice.Row.Started);
        using var home = new TestHome();
        using var index = IndexTests.Filled(home, slices);
        var actor = Serving(index, []);
        foreach (var field in Ranged)
        {
            var first = new BoundSortKey(field, random.Next(2) == 0);
            var query = filter with { Sort = [first, .. filter.Sort.Take(random.Next(2))] };
            foreach (var limit in new[] { 1, 3, 100 })
            {
                var expected = new ListedRows(query, At, limit, MaxBytes);
                var all = index.List.Read(new(SliceFilter.Everything, 100)).Rows;
                foreach (var row in all.Where(row => QueryEvaluator.Matches(query, row, At)))
                    expected.Add(row);
                Assert.Equal(expected.Reply(isCut: false), List(actor, query, limit));
            }
        }
    }

    [Theory]
    [InlineData("sort=-finished", 300)]
    [InlineData("sort=finished", 1)]
    [InlineData("sort=-created", 300)]
    [InlineData("sort=started", 1)]
    [InlineData("sort=-runtime", 300)]
    [InlineData("sort=priority", 300)]
    [InlineData("label=odd sort=-finished", 299)]
    [InlineData("label=first sort=-finished", 1)]
    public void Only_segments_that_can_have_the_first_rows_are_read(string text, int segment)
    {
        const int Many = 300;
        using var home = new TestHome();
        using var index = IndexTests.Filled(
            home,
            [.. Enumerable.Range(1, Many).SelectMany(at => new[] { Job(at, 0), Job(at, 1) })]
        );
        var read = new List<long>();
        var reply = List(Serving(index, read), QueryBinder.Read(text, "ada").Value, limit: 1);
        Assert.Equal(segment, Assert.Single(reply.Rows).First >> 10);
        Assert.True(reply.Truncated);
        Assert.Equal(segment, Assert.Single(read));

        static FeedSlice Job(int at, int place)
        {
            var label =
                at == 1 ? "first"
                : at % 2 == 1 ? "odd"
                : "";
            var job = Slices.Job((at << 10) + place, Status.Done, label);
            job.Row.Finished = job.Row.Started + (at * 100);
            return job;
        }
    }

    private static ListReply List(IActorRef index, BoundQuery query, int limit)
    {
        var rows = new ListedRows(query, At, limit, MaxBytes);
        var list = new RankedList(index, Patience, most: 1_000);
        var filter = SliceFilter.Of(query, At, null);
        var cut = list.AddAsync(rows, query, filter, At, default);
        return rows.Reply(cut.GetAwaiter().GetResult());
    }

    /// <summary>An index that notes which segments were read.</summary>
    private IActorRef Serving(IndexConnection index, List<long> read) =>
        Sys.ActorOf(Props.Create(() => new Server(index, read)));

    private sealed class Server : ReceiveActor
    {
        public Server(IndexConnection index, List<long> read)
        {
            Receive<RankSegments>(rank => Sender.Tell(index.Ranked.Rank(rank)));
            Receive<ListSpanning>(list => Sender.Tell(index.List.ReadSpanning(list)));
            Receive<ListSegments>(list =>
            {
                // One at a time, as if each had as many rows as an answer may have.
                var one = list with
                {
                    Segments = [list.Segments[0]],
                };
                read.AddRange(one.Segments);
                Sender.Tell(index.Ranked.Read(one));
            });
        }
    }
}
