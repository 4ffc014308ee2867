using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Tests.Feed;

public sealed class FeedLaws
{
    private const int MessageBytes = 400;

    /// <summary>News of segments generated from bytes: submissions of one to three slices that
    /// change, are deleted, are voided and arrive out of order.</summary>
    private static IEnumerable<SegmentNews> NewsOf(byte[] choices)
    {
        for (var i = 0; i + 2 < choices.Length; i += 3)
        {
            var (what, where, state) = (choices[i], choices[i + 1], choices[i + 2]);
            var submission = where % 12 / 3 * 3;
            var segment = where % 12;
            var news = new SegmentNews
            {
                Segment = segment,
                // Some old news arrive late.
                SequenceNr = what % 7 == 0 ? i / 6 : i + 1,
                Totals = { 0, state, 0, 0, what },
            };
            var first = (segment * 1_024L) + 1;
            if (what % 5 == 0)
                news.Removed.Add(first);
            else
                news.Slices.Add(Slice(first, (submission * 1_024L) + 1, state));
            yield return news;
        }
    }

    private static FeedSlice Slice(long first, long submission, byte state) =>
        new()
        {
            Row = new JobRow
            {
                First = first,
                Last = first + 9,
                Counts = { state % 4 == 0 ? 10 : 0, state % 3, 0, 0, 10 - (state % 3) },
                Label = "l",
                Owner = submission % 2_048 == 1 ? "alice" : "bob",
                Created = 5 + state,
                Started = state % 2 * (long)state,
                Finished = state % 5 * (long)state,
            },
            SubmissionFirst = submission,
            SubmissionLast = submission + 3_071,
        };

    private static FeedExtras At(long at) => new(at, null, [], [], Always: false);

    private static IReadOnlyDictionary<long, JobRow> Fresh(FeedTable table, string? owner, int rows)
    {
        var picture = new FeedSnapshot();
        foreach (var news in new FeedCursor(owner, rows, MessageBytes).News(table, At(0)))
            picture.Apply(news);
        return picture.Rows;
    }

    [Property]
    public void All_updates_together_equal_a_full_update(byte[] choices, byte pace)
    {
        foreach (var owner in new[] { null, "alice" })
        {
            var table = new FeedTable(capacity: 3, since: 0);
            var view = new FeedCursor(owner, 100, MessageBytes);
            var picture = new FeedSnapshot();
            var applied = 0;
            foreach (var change in NewsOf(choices))
            {
                table.Apply(change);
                if (++applied % (1 + (pace % 4)) == 0)
                    foreach (var news in view.News(table, At(applied)))
                        picture.Apply(news);
            }
            foreach (var news in view.News(table, At(applied)))
                picture.Apply(news);

            Assert.Equal(Fresh(table, owner, 100), picture.Rows);
            Assert.Equal(table.Counts, picture.Counts);
        }
    }

    [Property]
    public void A_client_with_a_row_limit_has_the_newest_rows(byte[] choices)
    {
        var table = new FeedTable(capacity: 100, since: 0);
        var view = new FeedCursor(null, 2, MessageBytes);
        var picture = new FeedSnapshot();
        foreach (var change in NewsOf(choices))
        {
            table.Apply(change);
            foreach (var news in view.News(table, At(1)))
                picture.Apply(news);
        }
        Assert.InRange(picture.Rows.Count, 0, 2);
        foreach (var (first, row) in picture.Rows)
            Assert.Equal(table.Of(new Jid(first)), row);
        if (table.Of(new Jid(table.Newest)) is { } newest)
            Assert.Equal(newest, picture.Rows[newest.First]);
    }

    [Property]
    public void Numbers_have_no_gaps_and_messages_are_limited(byte[] choices)
    {
        var table = new FeedTable(capacity: 3, since: 0);
        var view = new FeedCursor(null, 100, MessageBytes);
        var number = 0L;
        foreach (var change in NewsOf(choices))
        {
            table.Apply(change);
            var news = view.News(table, At(1));
            foreach (var message in news)
            {
                Assert.Equal(++number, message.Number);
                Assert.Equal(number == 1, message.Full);
                Assert.InRange(message.CalculateSize(), 1, 2 * MessageBytes);
            }
            Assert.All(news.SkipLast(1), message => Assert.True(message.More));
        }
    }

    [Property]
    public void Forwarded_news_give_the_same_table(byte[] choices, byte pace)
    {
        var (near, far) = (new FeedTable(100, 0), new FeedTable(100, 0));
        // A segment's news are in order on its own node.
        var sequence = 0;
        var gather = new SegmentNewsBuffer(MessageBytes, maxEvents: 10);
        foreach (var change in NewsOf(choices))
        {
            change.SequenceNr = ++sequence;
            near.Apply(change);
            gather.Add(change);
            if (sequence % (1 + (pace % 4)) == 0)
                Send();
        }
        Send();
        Assert.Equal(Fresh(near, null, 100), Fresh(far, null, 100));
        Assert.Equal(near.Counts, far.Counts);

        void Send()
        {
            foreach (var part in gather.Take())
            foreach (var news in part.News)
                far.Apply(
                    SegmentNews.Parser.ParseFrom(
                        Google.Protobuf.MessageExtensions.ToByteArray(news)
                    )
                );
            Assert.True(gather.IsEmpty);
        }
    }

    [Fact]
    public void An_unchanged_table_sends_no_update()
    {
        var table = new FeedTable(10, 0);
        table.Apply(
            new SegmentNews
            {
                Segment = 0,
                SequenceNr = 1,
                Slices = { Slice(1, 1, 1) },
            }
        );
        var view = new FeedCursor(null, 10, MessageBytes);
        Assert.Single(view.News(table, At(1)));
        Assert.Empty(view.News(table, At(2)));
        Assert.Single(view.News(table, At(3) with { Always = true }));
    }

    [Fact]
    public void A_map_is_one_row_with_the_jobs_of_its_slices()
    {
        var row = FeedRows.Merge([Slice(1, 1, 1), Slice(1_025, 1, 2)])!;

        Assert.Equal((1L, 3_072L), (row.First, row.Last));
        Assert.Equal(3, row.Counts[(int)Status.Waiting]);
        Assert.Equal(17, row.Counts[(int)Status.Done]);
        Assert.Equal(6, row.Created);
        Assert.Equal(1, row.Started);
    }

    [Fact]
    public void A_single_job_has_a_status_instead_of_counts()
    {
        var slice = Slice(1, 1, 1);
        slice.SubmissionLast = slice.Row.Last = 1;
        slice.Row.Counts.Clear();
        slice.Row.Counts.Add([0, 0, 0, 1]);
        var row = FeedRows.Merge([slice])!;

        Assert.Equal(Status.Processing, row.Status);
        Assert.Empty(row.Counts);
        Assert.Equal(1, RowField.Statuses.Count(row, Status.Processing));
        Assert.Equal(0, RowField.Statuses.Count(row, Status.Done));
    }

    [Fact]
    public void A_short_attempt_counts_as_started_once_when_it_ends()
    {
        var tally = new AttemptCounter(since: 100, maxOpen: 10);
        tally.Count(
            new JobEvent
            {
                Jid = 1,
                Started = new AttemptStart { Attempt = 1 },
            }
        );
        tally.Count(End(jid: 1, startedAt: 150, Status.Done));
        tally.Count(End(jid: 2, startedAt: 150, Status.Error));
        tally.Count(End(jid: 3, startedAt: 50, Status.Done));

        Assert.Equal((2L, 2L, 1L), (tally.Started, tally.EndedDone, tally.EndedOtherwise));
    }

    private static JobEvent End(long jid, long startedAt, Status status) =>
        new()
        {
            Jid = jid,
            Ended = new AttemptEnd
            {
                Attempt = 1,
                StartedAt = startedAt,
                Status = status,
            },
        };
}
