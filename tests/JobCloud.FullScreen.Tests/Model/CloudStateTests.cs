using FsCheck.Xunit;
using JobCloud.FullScreen.Tests.Screens;
using JobCloud.Protocol.Feed;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class CloudStateTests
{
    [Property]
    public bool News_by_and_by_and_all_at_once_make_the_same(List<(byte Jid, byte Kind)> changes)
    {
        var (slowly, at_once) = (new CloudState(), new CloudState());
        var last = Snapshot.Empty;
        foreach (var (jid, kind) in changes)
        {
            slowly.Apply(News(jid, kind));
            last = slowly.Take(Samples.Now);
        }
        foreach (var (jid, kind) in changes)
            at_once.Apply(News(jid, kind));
        return last.Jobs.Rows.SequenceEqual(at_once.Take(Samples.Now).Jobs.Rows);
    }

    [Fact]
    public void News_that_are_full_replace_what_was_known()
    {
        var state = new CloudState();
        state.Apply(News(1, 1));
        state.Take(Samples.Now);
        state.Apply(Samples.Whole());
        var snapshot = state.Take(Samples.Now);
        Assert.Equal(38, snapshot.Jobs.Total);
        Assert.DoesNotContain(snapshot.Jobs.Rows, row => row.First == 1);
    }

    [Fact]
    public void A_job_that_goes_on_is_still_the_same_work()
    {
        var (state, row) = (new CloudState(), Samples.Job(7, Status.Queued));
        state.Apply(new FeedNews { Rows = { row } });
        var done = Samples.Job(7, Status.Done);
        state.Apply(new FeedNews { Progress = { RowProgress.Of(done) } });
        Assert.Equal([done], state.Take(Samples.Now).Jobs.Rows);
    }

    [Fact]
    public void The_progress_of_a_job_that_is_gone_is_nothing_to_show()
    {
        var state = new CloudState();
        var queued = RowProgress.Of(Samples.Job(7, Status.Queued));
        state.Apply(new FeedNews { Progress = { queued } });
        Assert.Empty(state.Take(Samples.Now).Jobs.Rows);
        Assert.Empty(state.Take(Samples.Now).Waits);
    }

    [Fact]
    public void While_nothing_is_heard_the_snapshot_stays_the_same_one()
    {
        var state = new CloudState();
        Assert.Same(state.Take(Samples.Now), state.Take(Samples.Now));
    }

    [Fact]
    public void Rates_come_from_the_differences_of_totals()
    {
        var state = new CloudState();
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, started: 100, failed: 0) });
        state.Take(Samples.Now);
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, started: 130, failed: 0) });
        var pulse = state.Take(Samples.Now + 1_000_000).Pulse;
        Assert.Equal([0, 30], pulse[Measure.Started]);
    }

    [Fact]
    public void Seconds_without_news_share_what_happened_in_them()
    {
        var state = new CloudState();
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, 0, 0) });
        state.Take(Samples.Now);
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, 30, 0) });
        Assert.Equal([0, 10, 10, 10], state.Take(Samples.Now + 3_000_000).Pulse[Measure.Started]);
    }

    [Fact]
    public void A_total_that_begins_anew_is_no_negative_rate()
    {
        var state = new CloudState();
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, 500, 0) });
        state.Take(Samples.Now);
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, 3, 0) });
        Assert.Equal([0, 0], state.Take(Samples.Now + 1_000_000).Pulse[Measure.Started]);
    }

    [Fact]
    public void Only_the_newest_of_the_history_is_kept()
    {
        var state = new CloudState();
        for (var i = 0; i < CloudState.EventsKept + 10; i++)
            state.Apply(
                new FeedNews
                {
                    Events =
                    {
                        new JobCloud.Protocol.Events.JobEvent { Jid = i + 1, Deleted = new() },
                    },
                }
            );
        var events = state.Take(Samples.Now).Events;
        Assert.Equal(CloudState.EventsKept, events.Count);
        Assert.Equal(11, events[0].Jid);
    }

    private static FeedNews News(byte jid, byte kind) =>
        kind % 8 == 0
            ? new FeedNews { Removed = { jid % 30 + 1 } }
            : new FeedNews { Rows = { Samples.Job(jid % 30 + 1, (Status)(kind % 8)) } };
}
