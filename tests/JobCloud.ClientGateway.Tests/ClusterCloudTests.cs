using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.ClientGateway.Tests;

public sealed class ClusterCloudTests
{
    [Fact]
    public async Task A_client_sees_the_cloud_and_its_changes_within_half_a_second()
    {
        await using var node = await TestNode.StartAsync();
        await using var cloud = node.Client();
        var observer = new FeedObserver(cloud);
        await observer.IsAsync(LinkState.Live);
        await observer.SeesAsync(p => p.Nodes.Count == 1, "the node");
        Assert.Equal("n1", cloud.Link.Node);

        var map = await observer.SubmitAsync("true", count: 3_000);
        await observer.SeesAsync(
            p => p.Rows.ContainsKey(map),
            "the map",
            TimeSpan.FromSeconds(0.5)
        );
        await observer.SeesAsync(
            p => p.Rows[map].Counts[(int)Status.Done] == 3_000,
            "the end of the map"
        );
        Assert.Equal(map + 2_999, observer.Picture.Rows[map].Last);
        await observer.SeesAsync(p => p.Counts is { Started: 3_000, EndedDone: 3_000 }, "its ends");
        Assert.Equal(3_000, observer.Picture.Counts.Jobs[(int)Status.Done]);
    }

    [Fact]
    public async Task A_client_receives_the_events_of_jobs()
    {
        await using var node = await TestNode.StartAsync();
        await using var cloud = node.Client();
        var observer = new FeedObserver(cloud);
        await observer.IsAsync(LinkState.Live);

        var job = await observer.SubmitAsync("true");

        await observer.SeesAsync(
            _ =>
                observer.Events.Any(e =>
                    e.FactCase == JobEvent.FactOneofCase.Submitted && e.Jid == job
                ),
            "its submission"
        );
    }

    [Fact]
    public async Task A_client_receives_the_usage_of_the_jobs_that_it_selects()
    {
        await using var node = await TestNode.StartAsync();
        node.Executor.Holds = true;
        await using var cloud = node.Client();
        var observer = new FeedObserver(cloud);
        var job = await observer.SubmitAsync("sleep 1000");
        cloud.SetVisible([job]);

        await observer.SeesAsync(_ => observer.Usages.ContainsKey(job), "its usage");

        Assert.Equal(4096, observer.Usages[job].MemoryBytes);
        Assert.Equal(Status.Processing, observer.Picture.Rows[job].Status);
    }

    [Fact]
    public async Task Requests_are_answered_and_refusals_are_replies()
    {
        await using var node = await TestNode.StartAsync();
        await using var cloud = node.Client();
        var observer = new FeedObserver(cloud);
        var job = await observer.SubmitAsync("true");

        var list = await cloud.AskAsync(CloudCalls.List.With(new()), default);
        Assert.Equal([job], list.Message!.Rows.Select(row => row.First));
        Assert.Equal(Environment.UserName, list.Message.Rows[0].Owner);

        var unknown = await cloud.AskAsync(
            CloudCalls.Kill.With(new() { Jobs = Jids(999_999) }),
            default
        );
        Assert.Equal(RefusalCode.UnknownJob, unknown.Refusal!.Code);
    }

    [Fact]
    public async Task A_large_reply_is_sent_in_chunks()
    {
        await using var node = await TestNode.StartAsync();
        await using var cloud = node.Client();
        var observer = new FeedObserver(cloud);
        var map = await observer.SubmitAsync($"echo {new string('x', 300)}", count: 2_000);

        var list = await cloud.AskAsync(
            CloudCalls.List.With(new() { Expand = true, Limit = 2_000 }),
            default
        );

        Assert.Equal(2_000, list.Message!.Rows.Count);
        Assert.True(list.Message.CalculateSize() > 500_000);
    }

    [Fact]
    public async Task Output_is_followed_until_the_reader_stops()
    {
        await using var node = await TestNode.StartAsync();
        node.Executor.Holds = true;
        await using var cloud = node.Client();
        var observer = new FeedObserver(cloud);
        var job = await observer.SubmitAsync("yes");
        await observer.SeesAsync(
            p => p.Rows.TryGetValue(job, out var row) && row.Status == Status.Processing,
            "the job runs"
        );
        var output = node.Paths.Attempt(new Jid(job), 1);
        Directory.CreateDirectory(output.Folder);
        await File.WriteAllTextAsync(output.Stdout, new string('y', 1_000_000));
        var read = 0L;
        await foreach (
            var reply in cloud.StreamAsync(
                CloudCalls.Output.With(new() { Jid = job, Follow = true }),
                default
            )
        )
        {
            Assert.Null(reply.Refusal);
            read += reply.Message!.Data.Length;
            if (read == 1_000_000)
                await File.AppendAllTextAsync(output.Stdout, "z");
            if (read == 1_000_001)
                break;
        }
    }

    [Fact]
    public async Task Events_of_a_job_are_followed_as_they_happen()
    {
        await using var node = await TestNode.StartAsync();
        await using var cloud = node.Client();
        var observer = new FeedObserver(cloud);
        node.Executor.Holds = true;
        var job = await observer.SubmitAsync("true");
        await foreach (
            var reply in cloud.StreamAsync(
                CloudCalls.Events.With(new() { Jobs = Jids(job), Follow = true }),
                default
            )
        )
            if (reply.Message!.Events.Any(e => e.FactCase == JobEvent.FactOneofCase.Started))
                break;
    }

    [Fact]
    public async Task A_client_rejoins_a_restarted_node()
    {
        await using var node = await TestNode.StartAsync();
        await using var cloud = node.Client();
        var observer = new FeedObserver(cloud);
        var job = await observer.SubmitAsync("true");
        await observer.IsAsync(LinkState.Live);

        await node.Host.DisposeAsync();
        await observer.IsAsync(LinkState.Stale);
        Assert.True(observer.Picture.Rows.ContainsKey(job));
        Assert.Contains("n1", cloud.Link.Why);

        await node.StartAsync();
        await observer.IsAsync(LinkState.Live);
        await observer.SeesAsync(p => p.Rows.ContainsKey(job), "the earlier job");
        Assert.Equal(2, observer.Fulls);
    }

    [Fact]
    public async Task A_client_starts_a_stopped_node_only_if_the_user_asks()
    {
        await using var node = await TestNode.StartAsync();
        var programs = Directory.CreateDirectory(Path.Combine(node.Paths.Home, "programs"));
        var command = Path.Combine(programs.FullName, JobCloudProgram.Command.File);
        await File.WriteAllTextAsync(command, "#!/bin/sh\necho started >>\"$0.starts\"\n");
        File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var cloud = ClusterCloud.Join(
            ConnectionOptions.Of(node.Paths) with
            {
                CanAutostart = true,
            },
            programs.FullName,
            new UiLog(null, TimeProvider.System),
            TimeProvider.System
        );
        var observer = new FeedObserver(cloud);
        await observer.IsAsync(LinkState.Live);

        await node.Host.DisposeAsync();
        await observer.SeesAsync(
            _ => cloud.Link is { State: LinkState.Stale } link && link.Why.Contains("no node"),
            "the node is stopped",
            TimeSpan.FromMinutes(1)
        );
        Assert.False(File.Exists($"{command}.starts"));

        cloud.StartNode();
        await observer.SeesAsync(_ => File.Exists($"{command}.starts"), "the node is started");
        await node.StartAsync();
    }

    private static Selection Jids(long jid) =>
        new()
        {
            Items =
            {
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                },
            },
        };
}
