using FsCheck.Xunit;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Store;
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

public sealed class IndexTests
{
    private const long Now = Generators.Now;

    [Property(MaxTest = 40, Arbitrary = [typeof(Slices)])]
    public void A_list_has_the_submissions_newest_first(FeedSlice[] slices)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        var listed = new List<JobRow>();
        long? after = null;
        do
        {
            var page = index.List.Read(new ListSubmissions(SliceFilter.Everything, 4, after));
            listed.AddRange(page.Rows);
            after = page.Next;
        } while (after is not null);
        Assert.Equal(
            slices
                .GroupBy(slice => slice.SubmissionFirst)
                .OrderByDescending(slices => slices.Key)
                .Select(Folded)
                .OfType<JobRow>(),
            listed
        );
    }

    [Property(MaxTest = 40, Arbitrary = [typeof(Slices)])]
    public void Slices_are_read_as_they_were_written(FeedSlice[] slices)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        var read = index.Snapshot.Read(1_000).Segments.SelectMany(segment => segment.Rows);
        Assert.Equal(slices, read.OrderBy(slice => slice.Row.First));
    }

    [Property(MaxTest = 20, Arbitrary = [typeof(Slices)])]
    public void A_list_and_a_feed_have_the_same_order_by_any_field(FeedSlice[] slices)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        var listed = index.List.Read(new(SliceFilter.Everything, 100)).Rows.ToList();
        var fed = slices
            .GroupBy(slice => slice.SubmissionFirst)
            .Select(submission => FeedRows.Merge([.. submission]))
            .OfType<JobRow>()
            .ToList();
        foreach (var field in RowFields.All)
        foreach (var descending in new[] { false, true })
        {
            var query = new BoundQuery(null, [new(field, descending)], null);
            QueryEvaluator.Sort(query, listed, Now);
            QueryEvaluator.Sort(query, fed, Now);
            Assert.Equal(fed.Select(row => row.First), listed.Select(row => row.First));
        }
    }

    [Property(MaxTest = 150, Arbitrary = [typeof(Slices), typeof(QueryGenerators)])]
    public void A_filter_keeps_all_rows_that_match_its_query(FeedSlice[] slices, BoundQuery query)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        foreach (var owner in new[] { null, "me" })
        {
            var all = index.List.Read(new(SliceFilter.Everything, 100)).Rows;
            var kept = index.List.Read(new(SliceFilter.Of(query, Now, owner), 100)).Rows;
            var matching = all.Where(row =>
                (owner is null || row.Owner == owner) && QueryEvaluator.Matches(query, row, Now)
            );
            Assert.Empty(matching.Except(kept));
            Assert.Empty(kept.Except(all));
        }
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Slices), typeof(QueryGenerators)])]
    public void A_slice_with_a_matching_job_is_found(FeedSlice[] slices, BoundQuery query)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        var filter = SliceFilter.OfEachJob(query, Now);
        foreach (var submission in slices.GroupBy(row => row.SubmissionFirst))
        {
            var kept = index.Reader.Find(new(submission.Key, filter)).Slices;
            var matching = submission.Where(slice =>
                JobsOf(slice.Row).Any(job => QueryEvaluator.Matches(query, job, Now))
            );
            Assert.Equal(kept.OrderByDescending(range => range.First), kept);
            Assert.Empty(
                matching.Select(slice => slice.Row.First).Except(kept.Select(r => r.First))
            );
        }
    }

    [Theory]
    [InlineData("status=error", "2048")]
    [InlineData("status!=done", "2048 1024")]
    [InlineData("not (status=queued or status=error)", "2048 1")]
    [InlineData("jid>=1030 jid<2048 label=\"\"", "1024")]
    [InlineData("status=killed", "")]
    [InlineData("", "2048 1024 1")]
    public void Slices_without_a_possible_match_are_excluded(string text, string firsts)
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Slice(1, 1023, 1, 2050, Counts((Status.Done, 1023))),
                Slices.Slice(1024, 2047, 1, 2050, Counts((Status.Queued, 1024))),
                Slices.Slice(2048, 2050, 1, 2050, Counts((Status.Done, 2), (Status.Error, 1))),
                Slices.Job(2051, Status.Done),
            ]
        );
        var query = QueryBinder.Read(text, "ada");
        Assert.Empty(query.Errors);
        var found = index.Reader.Find(new(1, SliceFilter.OfEachJob(query.Value, Now)));
        Assert.Equal(firsts, string.Join(' ', found.Slices.Select(slice => slice.First)));
    }

    [Fact]
    public void The_slices_of_maps_in_a_range_are_found_with_their_counts()
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Slice(1, 1023, 1, 2050, Counts((Status.Done, 1023))),
                Slices.Slice(1024, 2047, 1, 2050, Counts((Status.Queued, 1024))),
                Slices.Slice(2048, 2050, 1, 2050, Counts((Status.Done, 2), (Status.Error, 1))),
                Slices.Job(2051, Status.Done),
            ]
        );
        Assert.Equal(
            [(1024, 2047, 1, 1024), (2048, 2050, 1, 0)],
            Find(new(JidRanges.Range(1030, 3000), null, 0, 10))
        );
        Assert.Equal(
            [(2048, 2050, 1, 0)],
            Find(new(JidRanges.Range(1, 3000), null, After: 1024, 10))
        );
        Assert.Single(Find(new(JidRanges.Range(1, 3000), null, 0, Limit: 1)));
        Assert.Empty(Find(new(JidRanges.Range(1, 3000), "nobody", 0, 10)));
        Assert.Empty(Find(new(JidRanges.Range(2051, 3000), null, 0, 10)));

        IEnumerable<(long, long, long, long)> Find(FindMapSlices find) =>
            index
                .Reader.FindMaps(find)
                .Slices.Select(slice =>
                    (slice.First, slice.Last, slice.Map, slice.Counts[(int)Status.Queued])
                );
    }

    private static JobRow? Folded(IGrouping<long, FeedSlice> submission) =>
        RowBuilder.Submission(
            submission.Key,
            submission.First().SubmissionLast,
            submission.Select(slice => slice.Row)
        );

    /// <summary>Returns the slice's first and last job, in each status that has jobs.</summary>
    private static IEnumerable<JobRow> JobsOf(JobRow slice)
    {
        for (var status = Status.Waiting; status <= Status.Stalled; status++)
            foreach (
                var jid in slice.Counts[(int)status] > 0 ? [slice.First, slice.Last] : (long[])[]
            )
            {
                var row = slice.Clone();
                (row.First, row.Last) = (jid, jid);
                row.Counts.Clear();
                row.Counts.Add(Counts((status, 1)));
                yield return row;
            }
    }

    [Theory]
    [InlineData("status=done", "1")]
    [InlineData("status!=done", "2 3")]
    [InlineData("label=\"50%_!\"", "2")]
    [InlineData("label~%_", "2")]
    [InlineData("command~\"RUN 3\"", "3")]
    [InlineData("owner=eve", "3")]
    [InlineData("jid>1 jid<=2", "2")]
    [InlineData("created<2026-11-22 not (jid=2)", "1 3")]
    [InlineData("failed=0 finished>2026-11-22", "")]
    public void A_filter_excludes_single_jobs_that_do_not_match(string text, string jids)
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Job(1, Status.Done),
                Slices.Job(2, Status.Queued, label: "50%_!"),
                Slices.Job(3, Status.Queued, owner: "eve"),
            ]
        );
        var query = QueryBinder.Read(text, "ada");
        Assert.Empty(query.Errors);
        var rows = index.List.Read(new(SliceFilter.Of(query.Value, Now, null), 10)).Rows;
        Assert.Equal(jids, string.Join(' ', rows.Select(row => row.First).Order()));
    }

    [Fact]
    public void The_newest_commit_of_a_slice_wins()
    {
        using var home = new TestHome();
        using var index = IndexConnection.Open($"{home.Path}/index.db", "store");
        index.Writer.Add(Slices.RowsOf(Slices.Job(1, Status.Queued), sequenceNr: 1));
        index.Writer.Write();
        index.Writer.Add(Slices.RowsOf(Slices.Job(1, Status.Done), sequenceNr: 3));
        index.Writer.Add(Slices.RowsOf(Slices.Job(1, Status.Queued), sequenceNr: 2));
        index.Writer.Write();
        var row = Assert.Single(index.List.Read(new(SliceFilter.Everything, 10)).Rows);
        Assert.Equal(1, row.Counts[(int)Status.Done]);
    }

    [Fact]
    public void A_voided_slice_is_deleted()
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [Slices.Job(1, Status.Queued), Slices.Job(2, Status.Queued)]
        );
        index.Writer.Add(new SliceRows(0, 2, true, [], Removed: [2]));
        index.Writer.Write();
        Assert.Equal([1], Listed(index));
    }

    [Fact]
    public void Segments_that_are_behind_unfinished_or_unknown_are_stale()
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Job(1, Status.Done),
                Slices.Job(1024, Status.Done),
                Slices.Job(2048, Status.Queued),
                Slices.Job(4096, Status.Done),
            ]
        );
        SegmentHead[] heads = [new(0, 1), new(1, 2), new(2, 1), new(3, 1)];
        Assert.Equal([1, 2, 3], index.Reader.FindStale(new FindStaleSegments(heads)).Segments);
        Assert.Equal([4], index.Reader.FindMissing(new FindStaleSegments(heads)));
        Assert.Equal([4096, 2048, 1024, 1], Listed(index));
    }

    [Fact]
    public void Slices_of_a_missing_segment_are_deleted_unless_it_has_sent_rows_since_opening()
    {
        using var home = new TestHome();
        Filled(home, [Slices.Job(1, Status.Done), Slices.Job(1024, Status.Done)]).Dispose();
        using var index = Filled(home, [Slices.Job(2048, Status.Done)]);
        index.Writer.Forget([1, 2]);
        Assert.Equal([2048, 1], Listed(index));
        Assert.Equal([0, 2], index.Reader.FindMissing(new FindStaleSegments([])).Order());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("torn")]
    [InlineData("another version")]
    [InlineData("another store")]
    public void An_unusable_file_is_recreated(string kind)
    {
        using var home = new TestHome();
        var path = $"{home.Path}/index.db";
        Filled(home, [Slices.Job(1, Status.Done)]).Dispose();
        Spoil(path, kind);
        using var index = IndexConnection.Open(path, "store");
        Assert.Empty(index.List.Read(new(SliceFilter.Everything, 10)).Rows);
        Assert.Equal([0], index.Reader.FindStale(new([new SegmentHead(0, 1)])).Segments);
    }

    private static void Spoil(string path, string kind)
    {
        switch (kind)
        {
            case "garbage":
                File.WriteAllText(path, "not a database at all");
                break;
            case "torn":
                var bytes = File.ReadAllBytes(path);
                bytes.AsSpan(100).Fill(0xA5);
                File.WriteAllBytes(path, bytes);
                break;
            case "another store":
                File.Delete(path);
                IndexConnection.Open(path, "another").Dispose();
                break;
            default:
                using (var connection = IndexFile.Open(path, "store"))
                using (var command = connection.CreateCommand())
                {
                    command.CommandText = "PRAGMA user_version = 99";
                    command.ExecuteNonQuery();
                }
                break;
        }
    }

    private static IEnumerable<long> Listed(IndexConnection index) =>
        index.List.Read(new(SliceFilter.Everything, 10)).Rows.Select(row => row.First);

    internal static IndexConnection Filled(TestHome home, FeedSlice[] slices)
    {
        var index = IndexConnection.Open($"{home.Path}/index.db", "store");
        foreach (var segment in slices.GroupBy(slice => Segments.Of(slice.Row.First)))
            index.Writer.Add(Slices.RowsOf([.. segment]));
        index.Writer.Write();
        return index;
    }
}
