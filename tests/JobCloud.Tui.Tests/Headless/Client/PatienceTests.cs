using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Tests.Headless.Client;

/// <summary>A command that waits survives any restart of its node: only an answer ends
/// it.</summary>
public sealed class PatienceTests : CommandTest
{
    private static readonly string[] Waiting =
    [
        "join 7",
        "result 7",
        "result 7 --as-completed",
        "wait-for status 7 done",
        "wait-for port 7 80",
        "logs -f 7",
        "events -f 7",
    ];

    public static TheoryData<string> Commands => [.. Waiting];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_waiting_command_survives_a_restart_of_its_node(string line)
    {
        var begun = new TaskCompletionSource();
        Script(Cloud, isFinished: false, () => begun.TrySetResult());
        var running = RunAsync(line.Split(' '));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await RestartAsync(cloud => Script(cloud, isFinished: true, static () => { }));
        var ran = await running;

        Assert.Equal(0, ran.Code);
        if (line.StartsWith("events", StringComparison.Ordinal))
            Assert.Contains("killed", Assert.Single(ran.Output.TrimEnd('\n').Split('\n')[1..]));
        else
            Assert.Equal(Expected(line), ran.Output);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Cancelled)]
    public async Task A_wait_that_a_stopping_node_ended_is_repeated(StatusCode status)
    {
        var asked = 0;
        Cloud.Await = _ =>
            asked++ == 0
                ? throw new RpcException(new Grpc.Core.Status(status, "closed"))
                : [Ends(true, (Status.Done, 1))];

        Assert.Equal(0, (await RunAsync("join", "7")).Code);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_time_limit_ends_a_wait_for_a_node_that_does_not_return()
    {
        var begun = new TaskCompletionSource();
        // No answer: whether one reaches the client before the end of its connection is chance.
        Cloud.Await = _ => Silent(() => begun.TrySetResult());
        var running = RunAsync("join", "7", "-t", "2");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Cloud.DisposeAsync();

        var ran = await running;

        Assert.Equal(3, ran.Code);
        Assert.Contains("The node does not answer; waiting for it", ran.Error);
        Assert.EndsWith("Timed out after 2 s: the node does not answer.\n", ran.Error);
    }

    [Fact]
    public async Task A_batch_answers_every_line_once_although_its_node_restarts()
    {
        var begun = new TaskCompletionSource();
        var ids = new HashSet<string>();
        Cloud.Session = request =>
        {
            lock (ids)
                Assert.True(ids.Add(((SubmitRequest)request).RequestId));
            if (ids.Count == 3)
                begun.TrySetResult();
            return new SubmitReply { First = ids.Count, Last = ids.Count };
        };
        // The second and third answer are on their way when the node stops.
        Cloud.KeepsStreams = true;
        Cloud.Reorder = (held, reply) => reply.Tag == 0 ? [reply] : [];
        Input = string.Join('\n', Enumerable.Repeat("""{"exec": "true"}""", 3));
        var running = RunAsync("batch");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await RestartAsync(cloud =>
            cloud.Session = request =>
            {
                Assert.Contains(((SubmitRequest)request).RequestId, ids);
                return new SubmitReply { First = 8, Last = 8 };
            }
        );
        var ran = await running;

        Assert.Equal(0, ran.Code);
        Assert.Equal(
            "{\"id\":1,\"jid\":1}\n{\"id\":2,\"jid\":8}\n{\"id\":3,\"jid\":8}\n",
            ran.Output
        );
    }

    private static string Expected(string line) =>
        line switch
        {
            "wait-for status 7 done" => "done\n",
            "wait-for port 7 80" => "address  port\nhost     80\n",
            "logs -f 7" => "first second",
            "result 7" or "result 7 --as-completed" => "first second",
            _ => "",
        };

    /// <summary>A node on which job 7 runs, or has finished.</summary>
    private static void Script(ScriptedCloud cloud, bool isFinished, Action begun)
    {
        var status = isFinished ? Status.Done : Status.Processing;
        cloud.KeepsStreams = !isFinished;
        cloud.Status = _ => Statuses((7, 1, status));
        cloud.Info = _ =>
            [
                new JobDetail
                {
                    Jid = 7,
                    Status = status,
                    Attempt = 1,
                },
            ];
        var last = Ends(true, (Status.Done, 1));
        last.Ended.Add(Run(7, 1, Status.Done));
        last.Port = new JobPort { Address = "host", ReachedPort = 80 };
        cloud.Await = _ => isFinished ? [last] : Unfinished(begun);
        cloud.Output = request =>
            isFinished
                ? [Chunk("first second"[(int)request.Offset..])]
                : Endless(begun, Chunk("first ", end: false));
        var killed = new JobEvent
        {
            Jid = 7,
            At = 1_000_000,
            KilledUnstarted = new KilledUnstarted(),
        };
        cloud.Events = _ =>
            isFinished
                ? [new EventsReply { Events = { killed } }]
                : Endless(begun, new EventsReply { Events = { killed } });
    }

    private static IEnumerable<AwaitReply> Silent(Action begun)
    {
        begun();
        yield break;
    }

    private static IEnumerable<AwaitReply> Unfinished(Action begun)
    {
        yield return Ends(false, (Status.Processing, 1));
        begun();
    }

    private static IEnumerable<T> Endless<T>(Action begun, T first)
    {
        yield return first;
        begun();
    }
}
