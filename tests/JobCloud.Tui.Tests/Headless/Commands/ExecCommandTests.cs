using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class ExecCommandTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Submit = _ => new SubmitReply { First = 7, Last = 7 };
    }

    private async Task<JobSpec> SubmittedAsync(params string[] args)
    {
        var ran = await RunAsync(["exec", .. args]);
        Assert.Equal((0, "7\n", ""), (ran.Code, ran.Output, ran.Error));
        return Cloud.The<SubmitRequest>().Spec;
    }

    [Fact]
    public async Task Exec_prints_only_the_jid()
    {
        var spec = await SubmittedAsync("echo", "hello");

        Assert.Equal("echo hello", spec.Command);
        Assert.Equal((5, 0, 0, ""), (spec.Priority, spec.Cores, spec.MemoryBytes, spec.CoreType));
        var request = Cloud.The<SubmitRequest>();
        Assert.Equal((1, false), (request.Count, request.IsMap));
    }

    [Fact]
    public async Task A_job_that_no_node_can_run_is_noted_on_stderr()
    {
        Cloud.Submit = _ => new SubmitReply
        {
            First = 7,
            Last = 7,
            NoNode = "no node has 64 cores",
        };
        var ran = await RunAsync("exec", "-c", "64", "true");
        Assert.Equal((0, "7\n"), (ran.Code, ran.Output));
        Assert.Equal(
            "Job 7 cannot run on any node now: no node has 64 cores; it waits.\n",
            ran.Error
        );
        Assert.Equal("", (await RunAsync("-o", "quiet", "exec", "-c", "64", "true")).Error);
    }

    [Fact]
    public async Task Strict_is_sent_with_the_request()
    {
        await SubmittedAsync("--strict", "-c", "64", "true");
        Assert.True(Cloud.The<SubmitRequest>().Strict);
    }

    [Fact]
    public async Task Memory_without_a_unit_is_refused_with_a_guess()
    {
        var ran = await RunAsync("exec", "--memory", "500", "true");
        Assert.Equal(2, ran.Code);
        Assert.Contains(
            "--memory: 500 is 500 bytes; a job needs at least 4 MiB; did you mean 500M?",
            ran.Error
        );
    }

    [Fact]
    public async Task A_submission_sends_its_directory_and_the_usual_variables()
    {
        (Variables["PATH"], Variables["SECRET"]) = ("/venv/bin", "s");

        var spec = await SubmittedAsync("make");

        var place = Cloud.The<SubmitRequest>().Place;
        Assert.Equal((Paths.Home, ""), (place.Directory, spec.WorkingDirectory));
        Assert.Equal([new Variable { Name = "PATH", Value = "/venv/bin" }], place.Variables);
    }

    [Fact]
    public async Task The_directory_and_the_variables_can_be_chosen()
    {
        (Variables["PATH"], Variables["SECRET"]) = ("/venv/bin", "s");

        var spec = await SubmittedAsync("--fresh", "--export", "SECRET", "make");

        Assert.Equal((true, "SECRET"), (spec.Fresh, spec.Export));
        Assert.Equal([new Variable { Name = "SECRET", Value = "s" }], spec.Exported);
        var both = await RunAsync("exec", "--fresh", "-w", ".", "make");
        Assert.Equal(2, both.Code);
        Assert.Contains("mutually exclusive", both.Error);
    }

    [Fact]
    public async Task The_jid_is_a_member_in_JSON()
    {
        Assert.Equal(
            """{"version":1,"jid":7}""" + "\n",
            (await RunAsync("-o", "json", "exec", "true")).Output
        );
    }

    [Theory]
    [InlineData("ls --priority 1", "ls", "--priority", "1")]
    [InlineData("ls --priority 1", "--", "ls", "--priority", "1")]
    [InlineData("ls -o json --help", "ls", "-o", "json", "--help")]
    [InlineData("git log -- file", "git", "log", "--", "file")]
    [InlineData("-x", "--", "-x")]
    public async Task Options_after_the_first_word_belong_to_the_command(
        string command,
        params string[] args
    )
    {
        Assert.Equal(command, (await SubmittedAsync(args)).Command);
    }

    [Fact]
    public async Task Every_option_is_sent_in_the_request()
    {
        var input = WriteFile("input", "data");
        var spec = await SubmittedAsync([
            .. "-t c2 -c 4 --memory 2G -e sci -v data -v more -l night -r out.txt -i".Split(' '),
            .. "-w work -m 2 --depends-on-errors ignore --not-restartable --priority -3".Split(' '),
            .. "-d a=1 -d b=@input -E K=V=W --retries 2 --backoff 90s --profile".Split(' '),
            .. "-x 3,5-6 --request-id token --shell none --stdin".Split(' '),
            input,
            "run {a} {b}",
        ]);

        Assert.Equal(
            new JobSpec
            {
                Command = "run {a} {b}",
                CoreType = "c2",
                Cores = 4,
                MemoryBytes = 2L << 30,
                Environment = "sci",
                Volumes = { "data", "more" },
                Label = "night",
                ReturnFile = "out.txt",
                IgnoreExitStatus = true,
                WorkingDirectory = $"{Paths.Home}/work",
                MaxRuntimeMs = 120_000,
                DependsOnErrors = DependencyPolicy.Ignore,
                NotRestartable = true,
                Priority = -3,
                Data =
                {
                    new Parameter { Name = "a", Value = "1" },
                    new Parameter
                    {
                        Name = "b",
                        Value = "input",
                        File = Google.Protobuf.ByteString.CopyFromUtf8("data"),
                    },
                },
                Variables =
                {
                    new Variable { Name = "K", Value = "V=W" },
                },
                Retries = 2,
                RetryBackoffMs = 90_000,
                Profile = true,
                Shell = "none",
                Stdin = Google.Protobuf.ByteString.CopyFromUtf8("data"),
            },
            spec
        );
        var request = Cloud.The<SubmitRequest>();
        Assert.Equal("token", request.RequestId);
        Assert.Equal([Range(3, 3), Range(5, 6)], request.Dependencies.Items);
    }

    [Theory]
    [InlineData("--stdin", "-")]
    [InlineData("--stdin", "large")]
    [InlineData("-d", "f=@large")]
    public async Task A_large_file_is_sent_once_in_parts_and_named_by_its_hash(
        string option,
        string value
    )
    {
        Input = new string('x', 600_000);
        WriteFile("large", Input);
        var blob = BlobRules.RefOf(System.Text.Encoding.UTF8.GetBytes(Input));
        var sent = new MemoryStream();
        Cloud.FindBlobs = question =>
            new()
            {
                Missing =
                {
                    Enumerable.Range(0, question.Blobs.Count).Where(_ => sent.Length == 0),
                },
            };
        Cloud.PutBlob = part =>
        {
            Assert.Equal((blob, sent.Length), (part.Blob, part.Offset));
            sent.Write(part.Data.Span);
            return new() { Next = sent.Length, Done = sent.Length == blob.Size };
        };
        string[] command = option == "-d" ? ["cat", "{f}"] : ["cat"];
        var spec = await SubmittedAsync([option, value, .. command]);
        Assert.Equal(blob, spec.StdinBlob ?? spec.Data.Single().Blob);
        Assert.Equal(Input, System.Text.Encoding.UTF8.GetString(sent.ToArray()));
        Assert.Equal(3, Cloud.Asked<PutBlobRequest>().Count());
    }

    [Fact]
    public async Task A_file_that_the_cloud_has_is_not_sent_again()
    {
        WriteFile("large", new string('x', 600_000));
        Cloud.FindBlobs = _ => new();
        var spec = await SubmittedAsync("-d", "f=@large", "cat", "{f}");
        Assert.Equal(600_000, spec.Data.Single().Blob.Size);
        Assert.Empty(Cloud.Asked<PutBlobRequest>());
    }

    [Fact]
    public async Task The_stdin_of_the_command_can_be_sent_to_the_job()
    {
        Input = "typed";

        Assert.Equal("typed", (await SubmittedAsync("--stdin", "-", "cat")).Stdin.ToStringUtf8());
    }

    [Theory]
    [InlineData("--max-runtime", "90s", 90_000)]
    [InlineData("-m", "1h30m", 5_400_000)]
    [InlineData("-m", "1", 60_000)]
    [InlineData("-m1", "", 60_000)]
    [InlineData("--max-runtime=1", "", 60_000)]
    public async Task A_max_runtime_is_whole_minutes_or_has_units(
        string option,
        string value,
        long milliseconds
    )
    {
        string[] args = value.Length > 0 ? [option, value] : [option];

        Assert.Equal(milliseconds, (await SubmittedAsync([.. args, "true"])).MaxRuntimeMs);
    }

    [Fact]
    public async Task Short_options_can_be_combined()
    {
        var spec = await SubmittedAsync("-ic", "2", "ls", "-la");

        Assert.True(spec.IgnoreExitStatus);
        Assert.Equal((2, "ls -la"), (spec.Cores, spec.Command));
    }

    [Theory]
    [InlineData("-d", "a=1", "echo", "{a}", "{name}")]
    [InlineData("-d", "a=1", "echo")]
    [InlineData("-d", "a=1", "-d", "a=2", "echo", "{a}")]
    [InlineData("-d", "a=", "echo", "{a}")]
    [InlineData("-d", "=1", "echo")]
    [InlineData("-d", "a", "echo", "{a}")]
    [InlineData("-d", "a=@no-such-file", "echo", "{a}")]
    [InlineData("-E", "novalue", "true")]
    [InlineData("--stdin", "no-such-file", "cat")]
    [InlineData("-c", "0", "true")]
    [InlineData("-c", "many", "true")]
    [InlineData("--memory", "lots", "true")]
    [InlineData("-m", "soon", "true")]
    [InlineData("--priority", "high", "true")]
    [InlineData("--retries", "-1", "true")]
    [InlineData("--depends-on-errors", "maybe", "true")]
    [InlineData("-x", "5-3", "true")]
    [InlineData("--bogus", "true")]
    [InlineData("--priority")]
    [InlineData]
    public async Task Invalid_input_is_refused_without_a_request(params string[] args)
    {
        var ran = await RunAsync(["exec", .. args]);

        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.NotEmpty(ran.Error);
        Assert.False(Cloud.WasAsked);
    }

    [Fact]
    public async Task An_unknown_core_type_is_left_to_the_node()
    {
        Assert.Equal("gpu", (await SubmittedAsync("-t", "gpu", "true")).CoreType);
    }

    [Fact]
    public async Task A_dry_run_is_sent_to_the_node_and_prints_no_jid()
    {
        Cloud.Submit = _ => new SubmitReply();

        var ran = await RunAsync("exec", "--dry-run", "true");

        Assert.True(Cloud.The<SubmitRequest>().DryRun);
        Assert.Equal((0, ""), (ran.Code, ran.Output));
    }

    [Theory]
    [InlineData(Status.Done, 0)]
    [InlineData(Status.Error, 3)]
    public async Task The_wait_option_prints_the_jid_and_waits_for_the_status(Status end, int code)
    {
        Cloud.Await = _ => [Ends(true, (end, 1))];

        var ran = await RunAsync("exec", "--wait", "true");

        Assert.Equal((code, "7\n"), (ran.Code, ran.Output));
    }
}
