using FsCheck.Xunit;
using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Queries;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.ReadModel;

public sealed class IndexTests
{
    private const long Now = 100_000;
    private static readonly StatusCounts Done = new(0, 0, 0, Done: 1, 0, 0, 0);
    private static readonly StatusCounts Queued = new(0, Queued: 1, 0, 0, 0, 0, 0);

    [Property(MaxTest = 40, Arbitrary = [typeof(Slices)])]
    public void A_list_is_the_submissions_newest_first(SliceRow[] slices)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        var submissions = slices
            .GroupBy(row => row.SubmissionFirst)
            .Where(rows => rows.Any(row => row.Deleted < row.Size))
            .OrderByDescending(rows => rows.Key)
            .ToArray();
        var listed = new List<JobRow>();
        long? after = null;
        do
        {
            var page = index.Reader.List(new ListSubmissions(SliceFilter.Everything, 4, after));
            listed.AddRange(page.Rows);
            after = page.Next;
        } while (after is not null);
        Assert.Equal(submissions.Select(rows => rows.Key), listed.Select(row => row.First));
        foreach (var (rows, row) in submissions.Zip(listed))
        {
            Assert.Equal(rows.First().SubmissionLast, row.Last);
            for (var status = Status.Waiting; status <= Status.Stalled; status++)
                Assert.Equal(rows.Sum(slice => slice.Counts.Of(status)), row.Counts[(int)status]);
            Assert.Equal(
                rows.All(slice => slice.Finished > 0) ? rows.Max(slice => slice.Finished) : 0,
                row.Finished
            );
        }
    }

    [Property(MaxTest = 150, Arbitrary = [typeof(Slices), typeof(QueryGenerators)])]
    public void A_filter_keeps_all_that_fits_its_query(SliceRow[] slices, BoundQuery query)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        foreach (var owner in new[] { null, "u1" })
        {
            var all = index.Reader.List(new(SliceFilter.Everything, 100)).Rows;
            var kept = index.Reader.List(new(SliceFilter.Of(query, Now, owner), 100)).Rows;
            var fit = all.Where(row =>
                (owner is null || row.Owner == owner) && QueryEvaluator.Matches(query, row, Now)
            );
            Assert.Empty(fit.Except(kept));
            Assert.Empty(kept.Except(all));
        }
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Slices), typeof(QueryGenerators)])]
    public void A_slice_is_looked_into_if_a_job_of_it_fits(SliceRow[] slices, BoundQuery query)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        var filter = SliceFilter.OfEachJob(query, Now);
        foreach (var submission in slices.GroupBy(row => row.SubmissionFirst))
        {
            var kept = index.Reader.Find(new(submission.Key, filter)).Slices;
            var fitting = submission.Where(slice =>
                JobsOf(slice).Any(job => QueryEvaluator.Matches(query, job, Now))
            );
            Assert.Equal(kept.OrderByDescending(range => range.First), kept);
            Assert.Empty(fitting.Select(slice => slice.First).Except(kept.Select(r => r.First)));
        }
    }

    [Theory]
    [InlineData("status=error", "2048")]
    [InlineData("status!=done", "2048 1024")]
    [InlineData("not (status=queued or status=error)", "2048 1")]
    [InlineData("jid>=1030 jid<2048 label=\"\"", "1024")]
    [InlineData("status=killed", "")]
    [InlineData("", "2048 1024 1")]
    public void Slices_in_which_no_job_can_fit_are_left_out(string text, string firsts)
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Slice(1, 1023, 1, 2050, new(0, 0, 0, Done: 1023, 0, 0, 0)),
                Slices.Slice(1024, 2047, 1, 2050, new(0, Queued: 1024, 0, 0, 0, 0, 0)),
                Slices.Slice(2048, 2050, 1, 2050, new(0, 0, 0, Done: 2, Error: 1, 0, 0)),
                Slices.Job(2051, Done),
            ]
        );
        var query = QueryBinder.Read(text, "ada");
        Assert.Empty(query.Errors);
        var found = index.Reader.Find(new(1, SliceFilter.OfEachJob(query.Value, Now)));
        Assert.Equal(firsts, string.Join(' ', found.Slices.Select(slice => slice.First)));
    }

    /// <summary>Its first job and its last, in each status that a job of it is in.</summary>
    private static IEnumerable<JobRow> JobsOf(SliceRow slice)
    {
        for (var status = Status.Waiting; status <= Status.Stalled; status++)
            foreach (
                var jid in slice.Counts.Of(status) > 0 ? [slice.First, slice.Last] : (long[])[]
            )
            {
                var row = new JobRow
                {
                    First = jid,
                    Last = jid,
                    Label = slice.Label,
                    Owner = slice.Owner,
                    Command = slice.Command,
                    Priority = slice.Priority,
                    Cores = slice.Cores,
                    Created = slice.Created,
                    Attempt = 1,
                };
                for (var other = 0; other <= (int)Status.Stalled; other++)
                    row.Counts.Add(other == (int)status ? 1 : 0);
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
    public void A_filter_leaves_single_jobs_out_that_do_not_fit(string text, string jids)
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Job(1, Done),
                Slices.Job(2, Queued, label: "50%_!"),
                Slices.Job(3, Queued, owner: "eve"),
            ]
        );
        var query = QueryBinder.Read(text, "ada");
        Assert.Empty(query.Errors);
        var rows = index.Reader.List(new(SliceFilter.Of(query.Value, Now, null), 10)).Rows;
        Assert.Equal(jids, string.Join(' ', rows.Select(row => row.First).Order()));
    }

    [Property(MaxTest = 40, Arbitrary = [typeof(Slices)])]
    public void A_selection_covers_what_is_meant_and_says_where_it_is_sure(SliceRow[] slices)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        (SelectionItem, Func<SliceRow, int>)[] selections =
        [
            (Word(SelectionWord.All), row => row.Size - row.Deleted),
            (Word(SelectionWord.Unfinished), row => row.Counts.Unfinished),
            (Word(SelectionWord.Failed), row => row.Counts.Failed),
            (
                new SelectionItem { Label = "l1" },
                row => row.Label == "l1" ? row.Size - row.Deleted : 0
            ),
            (new SelectionItem { Status = Status.Done }, row => row.Counts.Done),
            (new SelectionItem { Status = Status.Killed }, row => row.Counts.Killed),
            (new SelectionItem { Status = Status.Processing }, row => row.Counts.Processing),
        ];
        foreach (var owner in new[] { null, "u1" })
        foreach (var (item, chosen) in selections)
        {
            var resolved = index.Resolver.Resolve(new ResolveSelection(item, owner)).Ranges;
            foreach (var row in slices)
            {
                var count = owner is null || row.Owner == owner ? chosen(row) : 0;
                var range = resolved.SingleOrDefault(range =>
                    range.First <= row.First && row.Last <= range.Last
                );
                Assert.Equal(count > 0, range is not null);
                Assert.Equal(count == row.Size, range?.Exact ?? false);
            }
        }
    }

    [Fact]
    public void The_last_is_the_newest_submission_of_its_owner()
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Job(1, Done, owner: "eve"),
                Slices.Slice(2, 1023, 2, 1030, new StatusCounts(0, 1022, 0, 0, 0, 0, 0)),
                Slices.Slice(1024, 1030, 2, 1030, new StatusCounts(0, 7, 0, 0, 0, 0, 0)),
                Slices.Slice(1031, 1031, 1031, 1031, default, deleted: 1),
            ]
        );
        var last = Word(SelectionWord.Last);
        Assert.Equal([new ResolvedRange(2, 1030, true)], Resolve(index, last, null));
        Assert.Equal([new ResolvedRange(1, 1, true)], Resolve(index, last, "eve"));
        Assert.Empty(Resolve(index, last, "bob"));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 1030)]
    [InlineData(1030, 2, 1030)]
    public void A_jid_leads_to_its_whole_map(long jid, long first, long last)
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Job(1, Done),
                Slices.Slice(2, 1023, 2, 1030, new StatusCounts(0, 0, 0, 1022, 0, 0, 0)),
                Slices.Slice(1024, 1030, 2, 1030, new StatusCounts(0, 7, 0, 0, 0, 0, 0)),
            ]
        );
        var item = new SelectionItem { MapOf = jid };
        Assert.Equal([new ResolvedRange(first, last, true)], Resolve(index, item, "ada"));
        Assert.Empty(Resolve(index, item, "eve"));
        Assert.Empty(Resolve(index, new SelectionItem { MapOf = 1031 }, "ada"));
    }

    [Fact]
    public void The_newest_that_was_told_of_a_slice_stands()
    {
        using var home = new TestHome();
        using var index = IndexConnection.Open($"{home.Path}/index.db");
        index.Writer.Add(Slices.Told(Slices.Job(1, Queued), sequenceNr: 1));
        index.Writer.Write();
        index.Writer.Add(Slices.Told(Slices.Job(1, Done), sequenceNr: 3));
        index.Writer.Add(Slices.Told(Slices.Job(1, Queued), sequenceNr: 2));
        index.Writer.Write();
        var row = Assert.Single(index.Reader.List(new(SliceFilter.Everything, 10)).Rows);
        Assert.Equal(1, row.Counts[(int)Status.Done]);
    }

    [Fact]
    public void A_voided_slice_is_gone()
    {
        using var home = new TestHome();
        using var index = Filled(home, [Slices.Job(1, Queued), Slices.Job(2, Queued)]);
        index.Writer.Add(new SliceRows(0, 2, true, [], Removed: [2]));
        index.Writer.Write();
        Assert.Equal(
            [1],
            index.Reader.List(new(SliceFilter.Everything, 10)).Rows.Select(row => row.First)
        );
    }

    [Fact]
    public void Segments_that_are_behind_open_or_unknown_are_stale_and_those_without_journal_go()
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Job(1, Done),
                Slices.Job(1024, Done),
                Slices.Job(2048, Queued),
                Slices.Job(4096, Done),
            ]
        );
        SegmentHead[] heads = [new(0, 1), new(1, 2), new(2, 1), new(3, 1)];
        Assert.Equal([1, 2, 3], index.Reader.FindStale(new FindStaleSegments(heads)).Segments);
        Assert.Equal(
            [2048, 1024, 1],
            index.Reader.List(new(SliceFilter.Everything, 10)).Rows.Select(row => row.First)
        );
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("torn")]
    [InlineData("another version")]
    public void A_file_that_is_no_good_is_made_anew(string kind)
    {
        using var home = new TestHome();
        var path = $"{home.Path}/index.db";
        Filled(home, [Slices.Job(1, Done)]).Dispose();
        Spoil(path, kind);
        using var index = IndexConnection.Open(path);
        Assert.Empty(index.Reader.List(new(SliceFilter.Everything, 10)).Rows);
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
            default:
                using (var connection = IndexFile.Open(path))
                using (var command = connection.CreateCommand())
                {
                    command.CommandText = "PRAGMA user_version = 99";
                    command.ExecuteNonQuery();
                }
                break;
        }
    }

    private static IndexConnection Filled(TestHome home, SliceRow[] slices)
    {
        var index = IndexConnection.Open($"{home.Path}/index.db");
        foreach (var row in slices)
            index.Writer.Add(Slices.Told(row));
        index.Writer.Write();
        return index;
    }

    private static IReadOnlyList<ResolvedRange> Resolve(
        IndexConnection index,
        SelectionItem item,
        string? owner
    ) => index.Resolver.Resolve(new ResolveSelection(item, owner)).Ranges;

    private static SelectionItem Word(SelectionWord word) => new() { Word = word };
}
