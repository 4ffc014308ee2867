using Google.Protobuf;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class ResultCommandTests : CommandTest
{
    private static readonly byte[] Binary = [0, 255, 13, 10, 7];

    /// <summary>Job 1 prints a line, job 2 a word without a newline, job 3 fails.</summary>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Output = request => [Chunk(request.Jid == 1 ? "one\n" : "two")];
        Cloud.Info = _ =>
            [
                new JobDetail
                {
                    Jid = 3,
                    Status = Status.Error,
                    Reason = new Reason { Code = ReasonCode.Exit, Number = 5 },
                },
            ];
    }

    private void Ended(params (long First, long Count, Status Status)[] runs)
    {
        Cloud.Status = _ => Statuses(runs);
        Cloud.Await = _ =>
        {
            var last = Ends(true, [.. runs.Select(run => (run.Status, run.Count))]);
            last.Ended.AddRange(runs.Select(run => Run(run.First, run.Count, run.Status)));
            return [last];
        };
    }

    [Fact]
    public async Task A_single_result_is_printed_byte_for_byte()
    {
        Ended((2, 1, Status.Done));
        Cloud.Output = _ =>
            [
                new OutputChunk { Data = ByteString.CopyFrom(Binary[..2]) },
                new OutputChunk { Data = ByteString.CopyFrom(Binary[2..]), End = true },
            ];

        var ran = await RunAsync("result", "2");

        Assert.Equal(Binary, ran.Bytes);
        Assert.Equal(OutputStream.Result, Cloud.The<OutputRequest>().Stream);
    }

    [Fact]
    public async Task An_incomplete_result_is_printed_and_exits_with_3()
    {
        Ended((2, 1, Status.Done), (1, 1, Status.Done));
        Cloud.Output = request =>
            request.Jid == 1
                ? [Chunk("whole\n")]
                :
                [
                    new OutputChunk
                    {
                        Jid = 2,
                        Data = ByteString.CopyFromUtf8("end\n"),
                        Offset = 7,
                        Dropped = 7,
                        End = true,
                    },
                ];

        var ran = await RunAsync("result", "2,1");

        Assert.Equal(3, ran.Code);
        Assert.Equal("Result for jid 2:\nend\nResult for jid 1:\nwhole\n", ran.Output);
        Assert.EndsWith("The result of job 2 is incomplete: 7 bytes were not kept.\n", ran.Error);
        Assert.Equal(0, (await RunAsync("result", "2,1", "-i")).Code);
    }

    [Fact]
    public async Task A_result_resumes_after_a_lost_connection()
    {
        Ended((2, 1, Status.Done));
        Cloud.Output = request =>
            request.Offset == 0
                ? Broken(new OutputChunk { Attempt = 1, Data = ByteString.CopyFrom(Binary[..2]) })
                :
                [
                    new OutputChunk
                    {
                        Attempt = 1,
                        Offset = request.Offset,
                        Data = ByteString.CopyFrom(Binary[2..]),
                        End = true,
                    },
                ];

        var ran = await RunAsync("result", "2");

        Assert.Equal(0, ran.Code);
        Assert.Equal(Binary, ran.Bytes);
    }

    private static IEnumerable<OutputChunk> Broken(OutputChunk first)
    {
        yield return first;
        throw new RpcException(new(StatusCode.Unavailable, "gone"));
    }

    [Fact]
    public async Task Several_results_are_blocks_in_the_requested_order()
    {
        Ended((2, 1, Status.Done), (1, 1, Status.Done));

        var ran = await RunAsync("result", "2,1");

        Assert.Equal("Result for jid 2:\ntwo\nResult for jid 1:\none\n", ran.Output);
        Assert.Equal(0, ran.Code);
    }

    [Fact]
    public async Task A_failure_prints_no_results()
    {
        Ended((1, 2, Status.Done), (3, 1, Status.Error));

        var ran = await RunAsync("result", "1-3");

        Assert.Equal((3, ""), (ran.Code, ran.Output));
        Assert.NotEmpty(ran.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_i_option_prints_failures_in_place_of_results(bool asCompleted)
    {
        Ended((1, 2, Status.Done), (3, 1, Status.Error));

        var ran = await RunAsync([
            "result",
            "1-3",
            "-i",
            .. asCompleted ? ["--as-completed"] : Array.Empty<string>(),
        ]);

        Assert.Equal(
            "Result for jid 1:\none\nResult for jid 2:\ntwo\n"
                + "Result for jid 3:\nJob 3 ended with status error: exit 5.\n",
            ran.Output
        );
        Assert.Equal(0, ran.Code);
        Assert.Equal(AwaitMode.All, Cloud.The<AwaitRequest>().Mode);
    }

    [Fact]
    public async Task As_completed_prints_results_in_the_order_of_completion()
    {
        var first = Ends(false, (Status.Done, 1), (Status.Processing, 1));
        first.Ended.Add(Run(2, 1, Status.Done));
        var last = Ends(true, (Status.Done, 2));
        last.Ended.Add(Run(1, 1, Status.Done));
        Cloud.Await = _ => [first, last];

        var ran = await RunAsync("result", "1-2", "--as-completed");

        Assert.Equal("Result for jid 2:\ntwo\nResult for jid 1:\none\n", ran.Output);
    }

    [Fact]
    public async Task As_completed_reports_a_failure_after_the_results()
    {
        Ended((1, 2, Status.Done), (3, 1, Status.Error));

        var ran = await RunAsync("result", "1-3", "--as-completed");

        Assert.Equal(3, ran.Code);
        Assert.Equal("Result for jid 1:\none\nResult for jid 2:\ntwo\n", ran.Output);
    }

    [Fact]
    public async Task Results_in_JSON_are_keyed_by_jid()
    {
        Ended((1, 1, Status.Done), (3, 1, Status.Error));

        var json = (await RunAsync("-o", "json", "result", "1,3", "-i")).Json;

        Assert.Equal("one\n", json.GetProperty("1").GetString());
        var error = json.GetProperty("3").GetProperty("error");
        Assert.Equal(
            "Job 3 ended with status error: exit 5.",
            error.GetProperty("message").GetString()
        );
    }

    [Fact]
    public async Task A_binary_result_is_refused_in_JSON()
    {
        Ended((2, 1, Status.Done));
        Cloud.Output = _ => [new OutputChunk { Data = ByteString.CopyFrom(Binary), End = true }];

        var ran = await RunAsync("-o", "json", "result", "2");

        Assert.Equal((3, ""), (ran.Code, ran.Output));
        Assert.Equal(2, ran.JsonError.GetProperty("jid").GetInt64());
    }

    [Fact]
    public async Task The_output_dir_option_writes_one_file_per_result()
    {
        Ended((1, 2, Status.Done), (3, 1, Status.Error));

        var ran = await RunAsync("result", "1-3", "-i", "--output-dir", "out");

        Assert.Equal((0, ""), (ran.Code, ran.Output));
        Assert.Equal("two", File.ReadAllText(Path.Combine(Paths.Home, "out/2")));
        Assert.Equal(
            "Job 3 ended with status error: exit 5.\n",
            File.ReadAllText(Path.Combine(Paths.Home, "out/3.error"))
        );
    }

    [Fact]
    public async Task An_output_dir_that_is_a_file_is_refused_before_the_wait()
    {
        WriteFile("taken", "");

        var ran = await RunAsync("result", "1-3", "--output-dir", "taken");

        Assert.Equal(1, ran.Code);
        Assert.Equal(
            $"The directory {Paths.Home}/taken of --output-dir cannot be used: it is a file, not a directory; name another one.\n",
            ran.Error
        );
        Assert.Empty(Cloud.Asked<AwaitRequest>());
    }

    [Fact]
    public async Task An_output_dir_that_cannot_be_created_is_named_with_the_reason()
    {
        var ran = await RunAsync("result", "1-3", "--output-dir", "/proc/none");

        Assert.Equal(1, ran.Code);
        Assert.StartsWith("The directory /proc/none of --output-dir cannot be used: ", ran.Error);
    }

    [Fact]
    public async Task Results_requested_in_advance_are_printed_in_order()
    {
        Ended((1, 100, Status.Done));
        Cloud.Output = request => [Chunk($"{request.Jid}")];

        var ran = await RunAsync("result", "1-100");

        var lines = ran.Output.Split('\n').Where((_, i) => i % 2 == 1);
        Assert.Equal(Enumerable.Range(1, 100).Select(jid => $"{jid}"), lines);
    }

    [Fact]
    public async Task Dropped_bytes_are_reported()
    {
        Ended((1, 1, Status.Done));
        var chunk = Chunk("tail");
        (chunk.Jid, chunk.Dropped, chunk.Offset) = (1, 100, 100);
        Cloud.Output = _ => [chunk];

        var ran = await RunAsync("result", "1");

        Assert.Equal("tail", ran.Output);
        Assert.Equal(
            """
            100 bytes of job 1 before byte 100 were not kept.
            The result of job 1 is incomplete: 100 bytes were not kept.

            """,
            ran.Error
        );
    }
}
