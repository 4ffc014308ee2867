using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>The handler with real segments, a scripted index and a scripted scheduler.</summary>
public sealed class ForecastHandlerTests : SegmentsTest
{
    private const long Second = 1_000_000;
    private static readonly Identity Root = new("root", Role.Admin);

    private readonly List<AskForecast> _asked = [];
    private readonly List<JobRow> _rows = [Row(7, "ann", done: false), Row(8, "bob", done: false)];
    private object _work = new WorkFound { Queued = { JidRanges.Range(7, 8) } };

    [Fact]
    public async Task Done_jobs_with_the_same_command_tell_the_runtime()
    {
        _rows.Add(Row(3, "ann", done: true));
        var reply = (await Handler().ForecastAsync(new(), Root, default)).Reply!;

        Assert.Equal([5 * Second, 0], Assert.Single(_asked).Runtimes.Select(r => r.RuntimeUs));
        Assert.Equal(RuntimeBasis.Command, reply.Jobs[0].Basis);
        Assert.Equal((1, RuntimeBasis.Unknown), (reply.Samples, reply.Jobs[1].Basis));
    }

    [Fact]
    public async Task Users_are_told_the_jids_and_commands_of_their_own_jobs_only()
    {
        var handler = Handler();
        var own = (await handler.ForecastAsync(new(), Ann, default)).Reply!;
        Assert.Equal([7L, 0], own.Bars.Select(bar => bar.First));
        Assert.Equal("ann", Assert.Single(own.Jobs).Owner);

        var all = (await handler.ForecastAsync(new(), Root, default)).Reply!;
        Assert.Equal([7L, 8], all.Bars.Select(bar => bar.First));
    }

    [Fact]
    public async Task A_forecast_of_this_second_serves_all()
    {
        var handler = Handler();
        await handler.ForecastAsync(new(), Ann, default);
        await handler.ForecastAsync(new(), Root, default);
        Assert.Single(_asked);
    }

    [Fact]
    public async Task Too_many_jobs_have_no_forecast_and_the_reply_says_so()
    {
        _work = new WorkFound { TooMany = true };
        var reply = (await Handler().ForecastAsync(new(), Ann, default)).Reply!;
        Assert.Contains("too many", reply.Lacking, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    private static JobRow Row(long jid, string owner, bool done)
    {
        var row = new JobRow
        {
            First = jid,
            Last = jid,
            Owner = owner,
            Command = "fit",
            Counts = { 0, 0, done ? 0 : 1, 0, done ? 1 : 0 },
        };
        if (done)
            (row.Started, row.Finished) = (10 * Second, 15 * Second);
        return row;
    }

    private object? AnswerOfScheduler(object question)
    {
        if (question is AskWork)
            return _work;
        _asked.Add((AskForecast)question);
        var reply = new ForecastReply { At = 1, Queued = 2 };
        foreach (var jid in new[] { 7, 8 })
        {
            reply.Jobs.Add(
                new ForecastJobs
                {
                    First = jid,
                    Last = jid,
                    Jobs = 1,
                }
            );
            reply.Bars.Add(
                new ForecastBar
                {
                    Node = "n1",
                    First = jid,
                    Last = jid,
                    From = 1,
                }
            );
        }
        return reply;
    }

    private object AnswerOfIndex(object question)
    {
        var isDone = ((ListSubmissions)question).Filter == SliceFilter.WithDone;
        var rows = _rows.Where(row => row.Finished > 0 == isDone);
        return new SubmissionsListed([.. rows], null);
    }

    private ForecastHandler Handler() =>
        new(
            Sys.ActorOf(ScriptedActor.Of(AnswerOfIndex)),
            Client,
            Sys.ActorOf(ScriptedActor.Of(AnswerOfScheduler)),
            Clock,
            Limit,
            Memory
        );
}
