using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;

namespace JobCloud.Protocol.Tests.Forecasts;

public sealed class ForecastViewTests
{
    private static ForecastReply Reply() =>
        new()
        {
            At = 100,
            Queued = 40,
            EmptyAt = 110,
            EndsAt = 120,
            Bars =
            {
                new ForecastBar
                {
                    Node = "n1",
                    First = 1,
                    Last = 3,
                    Jobs = 3,
                    From = 90,
                    To = 120,
                },
                new ForecastBar
                {
                    Node = "n1",
                    First = 7,
                    Last = 7,
                    Jobs = 1,
                    From = 90,
                },
            },
            Jobs =
            {
                new ForecastJobs { First = 1, Last = 9 },
                new ForecastJobs { First = 7, Last = 7 },
                new ForecastJobs { Jobs = 5 },
            },
        };

    private static ForecastReply Completed()
    {
        var (reply, known) = (Reply(), new KnownRuntimes());
        var rows = new Dictionary<long, JobRow>
        {
            [1] = new()
            {
                First = 1,
                Last = 9,
                Owner = "ann",
                Command = "fit",
                Counts = { 0, 2 },
            },
            [7] = new()
            {
                First = 7,
                Last = 7,
                Owner = "bob",
                Command = "secret",
            },
        };
        known.Add(rows[1], 5);
        known.Add(rows[1], 7);
        ForecastView.Complete(reply, rows, known, wall: 1_100);
        return reply;
    }

    [Fact]
    public void Instants_are_told_by_the_wall_clock_and_unknown_ones_stay_unknown()
    {
        var reply = Completed();
        Assert.Equal((1_100, 1_110, 1_120), (reply.At, reply.EmptyAt, reply.EndsAt));
        Assert.Equal([1_090L, 1_090], reply.Bars.Select(bar => bar.From));
        Assert.Equal([1_120L, 0], reply.Bars.Select(bar => bar.To));
        Assert.Equal(0, reply.StartsAt);
    }

    [Fact]
    public void Jobs_tell_what_their_runtime_comes_from()
    {
        var reply = Completed();
        Assert.Equal("2 elements of its map", ForecastText.Basis(reply.Jobs[0]));
        Assert.Equal("", ForecastText.Basis(reply.Jobs[1]));
        Assert.Equal((2, 2), (reply.Samples, reply.Waiting));
        Assert.Equal(2, reply.Jobs.Count);
    }

    [Fact]
    public void A_user_sees_no_jids_and_commands_of_others()
    {
        var own = ForecastView.For(Completed(), "ann", jid => jid < 7 ? "ann" : "bob");
        Assert.Equal([1L, 0], own.Bars.Select(bar => bar.First));
        Assert.Equal("ann", Assert.Single(own.Jobs).Owner);
        Assert.DoesNotContain("secret", own.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "The queue is empty at about 110; the last job ends at about 120.")]
    [InlineData(0, 2, "The queue is empty at about 110; when the last job ends is not known.")]
    [InlineData(
        4,
        2,
        "The start of 4 of 40 queued jobs is not known: no node can run them now, or they wait for jobs whose end is not known."
    )]
    public void The_summary_tells_only_what_is_known(int unforeseen, int unknown, string expected)
    {
        var reply = Reply();
        (reply.Unforeseen, reply.UnknownRunning) = (unforeseen, unknown);
        if (unforeseen > 0)
            reply.EmptyAt = 0;
        if (unknown > 0)
            reply.EndsAt = 0;
        Assert.Equal(expected, ForecastText.Summary(reply, at => $"{at}"));
    }

    [Fact]
    public void The_basis_names_what_is_unknown_and_left_out()
    {
        var reply = Reply();
        (reply.Samples, reply.UnknownQueued, reply.UnknownRunning, reply.Waiting) = (214, 3, 1, 2);
        Assert.Equal(
            "It rests on the runtimes of 214 done jobs. 3 of 40 queued jobs have no known runtime. "
                + "The end of 1 running job is not known. 2 jobs that wait for others are left out. "
                + "Failures, retries and later submissions are not foreseen.",
            ForecastText.Basis(reply)
        );
        Assert.Equal("", ForecastText.Basis(new ForecastReply()));
    }
}
