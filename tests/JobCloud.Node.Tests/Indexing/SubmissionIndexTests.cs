using FsCheck.Xunit;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Indexing.Slices;

namespace JobCloud.Node.Tests.Indexing;

public sealed class SubmissionIndexTests
{
    private const long Now = Generators.Now;

    [Property(MaxTest = 200, Arbitrary = [typeof(Slices), typeof(QueryGenerators)])]
    public void The_pages_of_a_query_have_what_a_fold_over_all_rows_has(
        FeedSlice[] slices,
        BoundQuery query
    )
    {
        using var home = new TestHome();
        using var index = IndexTests.Filled(home, slices);
        foreach (var limit in new[] { 1, 3, 100 })
        foreach (var owner in new[] { null, "me" })
            Assert.Equal(Matching(slices, query, owner), Listed(index, query, limit, owner));
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Slices), typeof(QueryGenerators)])]
    public void Rows_that_changed_are_found_by_their_new_values(
        FeedSlice[] slices,
        BoundQuery query,
        int seed
    )
    {
        using var home = new TestHome();
        using var index = IndexTests.Filled(home, slices);
        var random = new Random(seed);
        var now = new List<FeedSlice>();
        foreach (var segment in slices.GroupBy(slice => Segments.Of(slice.Row.First)))
        {
            // Some slices change, the first may vanish, and some segments send all rows anew.
            var after = segment.Select(slice => Changed(slice, random)).ToList();
            var removed = random.Next(3) == 0 && after.Count > 1 ? after[0] : null;
            if (removed is not null)
                after.RemoveAt(0);
            var isWhole = random.Next(3) == 0;
            now.AddRange(after);
            index.Writer.Add(
                RowsOf(after, sequenceNr: 2) with
                {
                    IsWhole = isWhole,
                    Highest = segment.Max(slice => slice.Row.Last),
                    Removed = removed is null ? [] : [removed.Row.First],
                }
            );
            if (random.Next(2) == 0)
                index.Writer.Write();
        }
        index.Writer.Write();
        Assert.Equal(Matching(now, query, null), Listed(index, query, 3, null));
    }

    [Theory]
    [InlineData("status=error", 1)]
    [InlineData("failed>0", 1)]
    [InlineData("created<1969-01-01", 0)]
    [InlineData("finished>2026-01-01", 0)]
    [InlineData("label=rare", 1)]
    [InlineData("label=rare status=error", 0)]
    [InlineData("label=rare,none", 1)]
    [InlineData("jid<3", 2)]
    [InlineData("priority=4", 0)]
    [InlineData("owner=eve", 1)]
    [InlineData("runtime>5s", 0)]
    [InlineData("command~\"N 1024\"", 3)]
    [InlineData("label~raRE", 1)]
    [InlineData("nosuchword", 0)]
    public void Segments_without_a_match_are_not_read(string text, int matches)
    {
        const int Many = 300;
        using var home = new TestHome();
        using var index = IndexTests.Filled(
            home,
            [
                Slices.Job(1, Status.Done, owner: "eve"),
                Slices.Job(2, Status.Done, label: "rare"),
                .. Enumerable.Range(1, Many).Select(at => Slices.Job(at << 10, Status.Done)),
                Slices.Job((Many + 1) << 10, Status.Error, label: "other"),
            ]
        );
        var query = QueryBinder.Read(text, "ada");
        Assert.Empty(query.Errors);
        // A page examines fewer segments than there are: it could not end here otherwise.
        var page = index.List.Read(new(SliceFilter.Of(query.Value, Now, null), 10));
        Assert.Null(page.Next);
        Assert.Equal(matches, page.Rows.Count);
    }

    [Fact]
    public void Failed_jobs_with_a_label_are_read_from_their_segments_only()
    {
        const int Many = 300;
        using var home = new TestHome();
        using var index = IndexTests.Filled(
            home,
            [
                Slices.Job(1, Status.Done, label: "night"),
                Slices.Job(2, Status.Killed, label: "night"),
                .. Enumerable
                    .Range(1, Many)
                    .SelectMany(at =>
                        new[]
                        {
                            Slices.Job(at << 10, Status.Done, label: "night"),
                            Slices.Job((at << 10) + 1, Status.Error, label: "day"),
                        }
                    ),
            ]
        );
        foreach (
            var (text, found) in new[]
            {
                ("label=night status=error", Array.Empty<long>()),
                ("label=night status=killed", [2]),
                ("label=night failed>0", [2]),
                ("label=night (status=error or status=killed)", [2]),
            }
        )
        {
            var query = QueryBinder.Read(text, "ada").Value;
            var page = index.List.Read(new(SliceFilter.Of(query, Now, null), 10));
            Assert.Equal(found, page.Rows.Select(row => row.First));
            Assert.Null(page.Next);
        }
    }

    [Fact]
    public void A_page_examines_a_bounded_number_of_segments_and_says_where_it_stopped()
    {
        const int Many = 300;
        using var home = new TestHome();
        using var index = IndexTests.Filled(
            home,
            [.. Enumerable.Range(0, Many).Select(at => Slices.Job((at << 10) + 1, Status.Done))]
        );
        var query = QueryBinder.Read("command~\"run 1\" jid<1024", "ada").Value;
        var nowhere = QueryBinder.Read("command~no", "ada").Value;
        Assert.Equal([1], Listed(index, query, 10, null).Select(row => row.First));
        var page = index.List.Read(new(SliceFilter.Of(nowhere, Now, null), 10));
        Assert.Empty(page.Rows);
        Assert.InRange(page.Next!.Value, 1024, (Many - 1) << 10);
        Assert.Empty(Listed(index, nowhere, 10, null));
    }

    [Fact]
    public void A_map_of_several_segments_is_one_row_between_its_neighbours()
    {
        using var home = new TestHome();
        using var index = IndexTests.Filled(
            home,
            [
                Slices.Job(1000, Status.Done),
                Slices.Slice(1001, 1023, 1001, 3000, Counts((Status.Done, 23))),
                Slices.Slice(1024, 2047, 1001, 3000, Counts((Status.Error, 1024))),
                Slices.Slice(2048, 3000, 1001, 3000, Counts((Status.Done, 953))),
                Slices.Job(3001, Status.Done),
            ]
        );
        var all = Listed(index, new BoundQuery(null, [], null), 1, null);
        Assert.Equal([3001, 1001, 1000], all.Select(row => row.First));
        Assert.Equal(1024, all[1].Counts[(int)Status.Error]);
        var failed = QueryBinder.Read("failed=1024 jobs=2000", "ada").Value;
        Assert.Equal([1001], Listed(index, failed, 1, null).Select(row => row.First));
    }

    private static FeedSlice Changed(FeedSlice slice, Random random)
    {
        if (random.Next(2) == 0)
            return slice;
        var changed = slice.Clone();
        changed.Row.Finished = random.Next(2) == 0 ? 0 : Now - random.Next(1_000_000);
        changed.Row.Started = Now - 2_000_000;
        changed.Row.Counts.Clear();
        changed.Row.Counts.Add(
            Counts(((Status)random.Next(1, 8), (int)(slice.Row.Last - slice.Row.First + 1)))
        );
        return changed;
    }

    private static List<JobRow> Matching(
        IEnumerable<FeedSlice> slices,
        BoundQuery query,
        string? owner
    ) =>
        [
            .. slices
                .GroupBy(slice => slice.SubmissionFirst)
                .OrderByDescending(submission => submission.Key)
                .Select(submission =>
                    RowBuilder.Submission(
                        submission.Key,
                        submission.First().SubmissionLast,
                        submission.Select(slice => slice.Row)
                    )
                )
                .OfType<JobRow>()
                .Where(row => owner is null || row.Owner == owner)
                .Where(row => QueryEvaluator.Matches(query, row, Now)),
        ];

    private static List<JobRow> Listed(
        IndexConnection index,
        BoundQuery query,
        int limit,
        string? owner
    )
    {
        var filter = SliceFilter.Of(query, Now, owner);
        var rows = new List<JobRow>();
        long? after = null;
        do
        {
            var page = index.List.Read(new ListSubmissions(filter, limit, after));
            Assert.True(page.Rows.Count <= limit);
            rows.AddRange(page.Rows);
            after = page.Next;
        } while (after is not null);
        return [.. rows.Where(row => QueryEvaluator.Matches(query, row, Now))];
    }
}
