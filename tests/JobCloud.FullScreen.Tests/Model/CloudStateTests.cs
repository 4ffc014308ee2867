using FsCheck.Xunit;
using JobCloud.FullScreen.Tests.Screens;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class CloudStateTests
{
    [Property]
    public bool Gradual_and_batched_updates_give_the_same_rows(List<(byte Jid, byte Kind)> changes)
    {
        var (gradual, batched) = (new CloudState(), new CloudState());
        var last = Snapshot.Empty;
        foreach (var (jid, kind) in changes)
        {
            gradual.Apply(News(jid, kind));
            last = gradual.Take(Samples.Now);
        }
        foreach (var (jid, kind) in changes)
            batched.Apply(News(jid, kind));
        return last.Jobs.Rows.SequenceEqual(batched.Take(Samples.Now).Jobs.Rows);
    }

    [Fact]
    public void A_full_update_replaces_the_state()
    {
        var state = new CloudState();
        state.Apply(News(1, 1));
        state.Take(Samples.Now);
        state.Apply(Samples.Full());
        var snapshot = state.Take(Samples.Now);
        Assert.Equal(38, snapshot.Jobs.Total);
        Assert.DoesNotContain(snapshot.Jobs.Rows, row => row.First == 1);
    }

    [Fact]
    public void Progress_keeps_the_other_fields_of_a_row()
    {
        var (state, row) = (new CloudState(), Samples.Job(7, Status.Queued));
        state.Apply(new FeedNews { Rows = { row } });
        var done = Samples.Job(7, Status.Done);
        state.Apply(new FeedNews { Progress = { RowProgress.Of(done) } });
        Assert.Equal([done], state.Take(Samples.Now).Jobs.Rows);
    }

    [Fact]
    public void Progress_of_a_removed_job_is_ignored()
    {
        var state = new CloudState();
        var queued = RowProgress.Of(Samples.Job(7, Status.Queued));
        state.Apply(new FeedNews { Progress = { queued } });
        Assert.Empty(state.Take(Samples.Now).Jobs.Rows);
        Assert.Empty(state.Take(Samples.Now).Waits);
    }

    [Fact]
    public void Without_updates_the_snapshot_is_the_same_instance()
    {
        var state = new CloudState();
        Assert.Same(state.Take(Samples.Now), state.Take(Samples.Now));
    }

    [Fact]
    public void Rates_are_differences_of_totals()
    {
        var state = new CloudState();
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, started: 100, failed: 0) });
        state.Take(Samples.Now);
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, started: 130, failed: 0) });
        var pulse = state.Take(Samples.Now + 1_000_000).Pulse;
        Assert.Equal([0, 30], pulse[Measure.Started]);
    }

    [Fact]
    public void Seconds_without_an_update_share_the_difference_equally()
    {
        var state = new CloudState();
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, 0, 0) });
        state.Take(Samples.Now);
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, 30, 0) });
        Assert.Equal([0, 10, 10, 10], state.Take(Samples.Now + 3_000_000).Pulse[Measure.Started]);
    }

    [Fact]
    public void A_restarted_total_gives_no_negative_rate()
    {
        var state = new CloudState();
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, 500, 0) });
        state.Take(Samples.Now);
        state.Apply(new FeedNews { Counts = Samples.Counts(1, 1, 3, 0) });
        Assert.Equal([0, 0], state.Take(Samples.Now + 1_000_000).Pulse[Measure.Started]);
    }

    [Fact]
    public void Only_the_newest_events_are_kept()
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
        Assert.Equal(new Jid(11), events[0].Jid);
    }

    private static FeedNews News(byte jid, byte kind) =>
        kind % 8 == 0
            ? new FeedNews { Removed = { jid % 30 + 1 } }
            : new FeedNews { Rows = { Samples.Job(jid % 30 + 1, (Status)(kind % 8)) } };
}
