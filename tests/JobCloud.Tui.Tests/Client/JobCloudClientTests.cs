using System.Text.Json;
using JobCloud.Client;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Tui.Tests.Headless;
using MapRequest = JobCloud.Client.MapRequest;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Tests.Client;

public sealed class JobCloudClientTests : ClientTest
{
    [Fact]
    public async Task A_submission_has_what_the_request_says()
    {
        Cloud.Submit = _ => new SubmitReply { First = 7, Last = 7 };
        using var cloud = await ConnectAsync();

        var submitted = await cloud.SubmitAsync(
            new JobRequest(["echo", "a b", "{p}"])
            {
                Label = "night",
                Cores = 2,
                Memory = 64 << 20,
                MaxRuntime = TimeSpan.FromSeconds(90),
                OsEnv = new Dictionary<string, string> { ["K"] = "@v" },
                DependsOn = "3,5-6",
                Retries = 1,
                Stdin = JobInput.OfText("in"),
                Data = new Dictionary<string, JobInput> { ["p"] = "@not-a-file" },
            }
        );

        var request = Cloud.The<SubmitRequest>();
        Assert.Equal("7", submitted.Jids);
        Assert.True(request.Spec.Argv);
        Assert.StartsWith("echo 'a b' ", request.Spec.Command);
        Assert.Equal(("night", 2, 64L << 20), OfSpec(request.Spec));
        Assert.Equal(90_000, request.Spec.MaxRuntimeMs);
        Assert.Equal("@v", Assert.Single(request.Spec.Variables).Value);
        Assert.Equal("in", request.Spec.Stdin.ToStringUtf8());
        Assert.Equal("@not-a-file", Assert.Single(request.Spec.Data).Value);
        Assert.Equal(2, request.Dependencies.Items.Count);
        Assert.NotEqual("", request.RequestId);
        Assert.Equal(Environment.CurrentDirectory, request.Place.Directory);

        static (string, int, long) OfSpec(JobSpec spec) =>
            (spec.Label, spec.Cores, spec.MemoryBytes);
    }

    [Fact]
    public async Task A_large_input_is_sent_in_parts_unless_the_cloud_has_it()
    {
        var content = new byte[600_000];
        new Random(1).NextBytes(content);
        var received = new MemoryStream();
        Cloud.FindBlobs = _ => new FindBlobsReply { Missing = { 0 } };
        Cloud.PutBlob = part =>
        {
            received.Write(part.Data.Span);
            var next = part.Offset + part.Data.Length;
            return new PutBlobReply { Next = next, Done = next == part.Blob.Size };
        };
        Cloud.Submit = _ => new SubmitReply { First = 1, Last = 2 };
        using var cloud = await ConnectAsync();
        var map = new MapRequest("wc {f}")
        {
            MapData = new Dictionary<string, IReadOnlyList<JobInput>>
            {
                ["f"] = [JobInput.OfStream(new MemoryStream(content), "big"), "small"],
            },
        };

        var submitted = await cloud.SubmitAsync(map);

        Assert.Equal(content, received.ToArray());
        Assert.Equal(2, submitted.Count);
        var list = Assert.Single(Cloud.The<SubmitRequest>().Columns).List;
        Assert.Equal(["big", "small"], list.Values);
        Assert.Equal(content.Length, Assert.Single(list.Files).Blob.Size);
    }

    [Theory]
    [InlineData("Cores")]
    [InlineData("Env")]
    public async Task A_wrong_request_is_refused_before_it_is_sent(string property)
    {
        using var cloud = await ConnectAsync();
        var request =
            property == "Cores"
                ? new JobRequest("true") { Cores = 0 }
                : new JobRequest("true")
                {
                    Data = new Dictionary<string, JobInput> { ["a b"] = "" },
                };

        var failure = await Assert.ThrowsAsync<JobCloudException>(() => cloud.SubmitAsync(request));

        Assert.Equal("usage", failure.Code);
        Assert.False(Cloud.WasAsked);
    }

    [Fact]
    public async Task A_refusal_has_its_code_and_its_job()
    {
        Cloud.Status = _ => throw ScriptedCloud.Refusal(RefusalCode.UnknownJob, "No job 9.", 9);
        using var cloud = await ConnectAsync();

        var failure = await Assert.ThrowsAsync<JobCloudException>(() => cloud.GetStatusAsync(9));

        Assert.Equal(("unknown-job", 9, "No job 9."), (failure.Code, failure.Jid, failure.Message));
    }

    [Fact]
    public async Task Results_come_in_order_and_a_failed_job_has_none()
    {
        Cloud.Await = _ => [Ends(true, (Status.Done, 2), (Status.Error, 1))];
        Cloud.Status = _ =>
            Statuses((1, 1, Status.Done), (2, 1, Status.Error), (3, 1, Status.Done));
        Cloud.Output = request => [Chunk($"result {request.Jid}")];
        Cloud.Info = _ => [new JobDetail { Jid = 2, Status = Status.Error }];
        using var cloud = await ConnectAsync();
        var results = new List<JobResult>();

        await foreach (
            var one in cloud.GetResultsAsync("1-3", new ResultOptions { IgnoreErrors = true })
        )
            results.Add(one);

        Assert.Equal(["result 1", null, "result 3"], results.Select(one => one.Text));
        Assert.Contains("Job 2 ended with status error", results[1].Failure);
    }

    [Fact]
    public async Task Output_arrives_as_a_stream_that_says_what_is_missing()
    {
        var first = Chunk("first ", end: false);
        var second = Chunk("second");
        (second.Offset, second.Dropped, second.DroppedWhy) = (16, 10, "over the limit");
        Cloud.Output = _ => [first, second];
        using var cloud = await ConnectAsync();

        await using var output = await cloud.OpenOutputAsync(7);
        using var reader = new StreamReader(output);
        var text = await reader.ReadToEndAsync();

        Assert.Equal("first second", text);
        Assert.Equal(10, output.MissingBytes);
        Assert.Contains("over the limit", Assert.Single(output.Notes));
    }

    [Fact]
    public async Task Output_that_cannot_be_read_fails_when_it_is_read()
    {
        Cloud.Output = _ => throw ScriptedCloud.Refusal(RefusalCode.NotFound, "It is gone.", 7);
        using var cloud = await ConnectAsync();
        await using var output = await cloud.OpenOutputAsync(7);

        var failure = await Assert.ThrowsAsync<JobCloudException>(async () =>
            await output.ReadExactlyAsync(new byte[8])
        );

        Assert.Equal("not-found", failure.Code);
    }

    [Fact]
    public async Task A_reader_that_stops_early_ends_the_transfer()
    {
        Cloud.KeepsStreams = true;
        Cloud.Output = _ => Enumerable.Repeat(Chunk(new string('x', 1000), end: false), 100);
        using var cloud = await ConnectAsync();

        var output = await cloud.OpenOutputAsync(7);
        Assert.Equal('x', output.ReadByte());

        await output.DisposeAsync().AsTask().WaitAsync(TimeLimit);
    }

    [Fact]
    public async Task Events_have_readable_messages()
    {
        var fact = new JobEvent
        {
            At = 1_700_000_000_000_000,
            Jid = 7,
            By = "me",
            Submitted = new Submitted { Spec = new JobSpec(), SubmissionFirst = 7 },
        };
        Cloud.Events = _ => [new EventsReply { Events = { fact } }];
        using var cloud = await ConnectAsync();
        var events = new List<CloudEvent>();

        await foreach (var one in cloud.GetEventsAsync(new EventOptions { Jobs = 7 }))
            events.Add(one);

        var only = Assert.Single(events);
        Assert.Equal(("7", "submitted", "me"), (only.Jids, only.What, only.By));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), only.Time);
    }

    [Fact]
    public async Task Info_has_the_items_of_the_command()
    {
        Cloud.Info = _ =>
            [
                new JobDetail
                {
                    Jid = 7,
                    Status = Status.Done,
                    Exit = new Exit { Code = 4 },
                    Finished = 1,
                },
            ];
        using var cloud = await ConnectAsync();

        await foreach (var info in cloud.GetInfoAsync(7, ["status", "exit_code"]))
            Assert.Equal("done", info.Items.GetProperty("status").GetString());

        Assert.Equal(["status", "exit_code"], Cloud.The<InfoRequest>().Items);
        await Assert.ThrowsAsync<JobCloudException>(async () =>
        {
            await foreach (var _ in cloud.GetInfoAsync(7, ["nothing"]))
                Assert.Fail("There is no such item.");
        });
    }

    [Fact]
    public async Task Changes_report_how_many_jobs_they_changed()
    {
        Cloud.Change = _ => new ChangeReply
        {
            Selected = 3,
            Changed = 2,
            Note = "why",
        };
        using var cloud = await ConnectAsync();
        var expected = new JobChanges(3, 2, "why");

        Assert.Equal(expected, await cloud.KillAsync("1-3", TimeSpan.FromSeconds(2)));
        Assert.Equal(expected, await cloud.DeleteAsync("1-3"));
        Assert.Equal(expected, await cloud.RetryAsync("1-3"));
        Assert.Equal(expected, await cloud.PrioritizeAsync("1-3", -2));

        Assert.Equal(2000, Cloud.The<KillRequest>().GraceMs);
        Assert.Equal(-2, Cloud.The<PrioritizeRequest>().Priority);
    }

    [Fact]
    public async Task A_list_asks_for_a_page_and_has_the_fields_of_the_command()
    {
        Cloud.List = _ => new ListReply
        {
            Truncated = true,
            Rows =
            {
                new JobRow
                {
                    First = 5,
                    Last = 6,
                    Counts = { 0, 0, 0, 0, 2 },
                    Label = "night",
                },
            },
        };
        using var cloud = await ConnectAsync();

        var page = await cloud.ListAsync(
            new ListOptions
            {
                Query = "done",
                After = 9,
                Limit = 1,
                Expand = true,
            }
        );

        var row = Assert.Single(page.Rows);
        Assert.Equal((5, 6, true), (row.First, row.Last, page.IsTruncated));
        Assert.Equal("night", row.Fields.GetProperty("label").GetString());
        Assert.Equal(JsonValueKind.Null, row.Fields.GetProperty("owner").ValueKind);
        var request = Cloud.The<ListRequest>();
        Assert.Equal((1, true, false), (request.Limit, request.Expand, request.Deleted));
        Assert.Contains("done", request.Query);
        Assert.Contains("jid<9", request.Query);
    }

    [Fact]
    public async Task Nodes_have_the_facts_of_the_command()
    {
        Cloud.Nodes = _ => new NodesReply
        {
            Nodes =
            {
                new NodeView
                {
                    Name = "n1",
                    State = "ready",
                    Capacity = new Resources { Cores = 8 },
                },
            },
        };
        using var cloud = await ConnectAsync();

        var node = Assert.Single(await cloud.GetNodesAsync());

        Assert.Equal(("n1", "ready"), (node.Name, node.State));
        Assert.Equal(8, node.Facts.GetProperty("cores").GetInt32());
    }

    [Fact]
    public async Task Without_a_node_the_connection_is_refused()
    {
        await Cloud.DisposeAsync();

        var failure = await Assert.ThrowsAsync<JobCloudException>(ConnectAsync);

        Assert.Equal("unavailable", failure.Code);
    }

    [Fact]
    public async Task Many_threads_use_one_client()
    {
        Cloud.Status = request => Statuses((request.Jobs.Items[0].Range.First, 1, Status.Queued));
        using var cloud = await ConnectAsync();

        var asked = await Task.WhenAll(
            Enumerable.Range(1, 100).Select(jid => cloud.GetStatusAsync(jid))
        );

        Assert.Equal(Enumerable.Range(1, 100), asked.Select(states => (int)states[0].Jid));
    }
}
