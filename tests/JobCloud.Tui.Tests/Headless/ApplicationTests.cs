using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;
using JobCloud.Tui.Headless.Commands;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Tests.Headless;

public sealed class ApplicationTests : CommandTest
{
    public static TheoryData<string> Names => [.. CommandCatalog.All.Select(entry => entry.Name)];

    [Fact]
    public async Task No_arguments_show_the_help_and_exit_with_1()
    {
        var ran = await RunAsync();

        Assert.Equal(1, ran.Code);
        Assert.Contains("Usage: jobcloud [global options] COMMAND", ran.Output);
    }

    [Fact]
    public async Task The_help_lists_every_command_in_the_order_of_the_catalogue()
    {
        var help = (await RunAsync("help")).Output;

        var at = CommandCatalog.All.Select(entry => help.IndexOf($"\n  {entry.Name} ")).ToList();
        Assert.DoesNotContain(-1, at);
        Assert.Equal(at.Order(), at);
        Assert.Equal(help, (await RunAsync("--help")).Output);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_command_has_help_that_names_its_options(string name)
    {
        var ran = await RunAsync("help", name);

        Assert.Equal(0, ran.Code);
        Assert.StartsWith($"Usage: jobcloud {name}", ran.Output);
        var command = CommandCatalog.Find(name)!.Create();
        Assert.All(command.Options, option => Assert.Contains(option.Name, ran.Output));
        Assert.All(
            command.Options,
            option => Assert.False(string.IsNullOrEmpty(option.Description))
        );
        Assert.Equal(ran.Output, (await RunAsync(name, "-h")).Output);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Option_names_of_a_command_are_unique(string name)
    {
        var command = CommandCatalog.Find(name)!.Create();
        var names = command
            .Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            .ToList();

        Assert.Equal(names.Distinct(), names);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_unknown_option_is_a_usage_error(string name)
    {
        var ran = await RunAsync(name, "--no-such-option");

        Assert.Equal(2, ran.Code);
        Assert.Contains("--no-such-option", ran.Error);
        Assert.False(Cloud.WasAsked);
    }

    [Fact]
    public async Task The_version_option_works_before_and_after_a_command()
    {
        var line = $"jobcloud {ProductVersion.Current}\n";
        Assert.Equal(line, (await RunAsync("--version")).Output);
        Assert.Equal(line, (await RunAsync("status", "--version")).Output);
    }

    [Theory]
    [InlineData("Unknown option --labl; did you mean --label?", "exec", "--labl", "x", "true")]
    [InlineData("Unknown option --labl; did you mean --label?", "ls", "--labl=x")]
    [InlineData("Unknown option --otput; did you mean --output?", "--otput", "json", "ls")]
    [InlineData(
        "Unknown option --deadlin; did you mean --deadline?",
        "nodes",
        "drain",
        "n1",
        "--deadlin"
    )]
    [InlineData("Unknown option --zzzz. See", "ls", "--zzzz")]
    [InlineData("Unknown subcommand 'drian': did you mean 'drain'?", "nodes", "drian", "n1")]
    [InlineData("Unexpected argument 'x'.", "config", "x")]
    [InlineData("Unknown command 'cancl'. Did you mean 'cancel'?", "cancl", "3")]
    public async Task A_mistyped_word_is_named_with_the_nearest_one(
        string message,
        params string[] args
    )
    {
        var ran = await RunAsync(args);

        Assert.Equal(2, ran.Code);
        Assert.StartsWith(message, ran.Error);
        Assert.False(Cloud.WasAsked);
    }

    [Theory]
    [InlineData("kill", "cancel", "7")]
    [InlineData("ls", "jobs")]
    [InlineData("delete", "rm", "7")]
    [InlineData("join", "-o", "json", "wait", "7")]
    [InlineData("logs", "tail", "7")]
    [InlineData("logs", "tail", "-f", "7")]
    [InlineData("exec", "run", "true")]
    [InlineData("exec", "run", "-f", "-c", "2", "true")]
    public async Task An_alias_is_its_command(string command, params string[] args)
    {
        Cloud.Change = _ => new ChangeReply { Selected = 1, Changed = 1 };
        Cloud.List = _ => new ListReply();
        Cloud.Await = _ => [Ends(true, (Status.Done, 1))];
        Cloud.Output = _ => [Chunk("")];
        Cloud.Info = _ =>
            [
                new JobDetail
                {
                    Jid = 7,
                    Status = Status.Done,
                    Attempt = 1,
                },
            ];
        Cloud.Submit = _ => new SubmitReply { First = 7, Last = 7 };

        Assert.Equal(0, (await RunAsync(args)).Code);
        switch (command)
        {
            case "kill":
                Cloud.The<KillRequest>();
                break;
            case "delete":
                Cloud.The<DeleteRequest>();
                break;
            case "ls":
                Cloud.The<ListRequest>();
                break;
            case "join":
                Cloud.The<AwaitRequest>();
                break;
            case "logs":
                Assert.True(Cloud.The<OutputRequest>().Follow);
                break;
            default:
                Cloud.The<SubmitRequest>();
                break;
        }
        var alias = args.First(word => CommandCatalog.Aliases.Any(known => known.Name == word));
        Assert.StartsWith($"Usage: jobcloud {command}", (await RunAsync("help", alias)).Output);
    }

    [Fact]
    public async Task The_help_groups_the_commands_and_names_the_aliases()
    {
        var help = (await RunAsync("help")).Output;

        foreach (var group in CommandCatalog.All.Select(entry => entry.Group).Distinct())
            Assert.Contains($"\n{group}:\n", help);
        foreach (var alias in CommandCatalog.Aliases)
            Assert.Contains($"\n  {alias.Name} ", help);
    }

    [Fact]
    public async Task An_unknown_command_suggests_the_nearest_one()
    {
        var ran = await RunAsync("statsu", "1");

        Assert.Equal(2, ran.Code);
        Assert.Equal(
            "Unknown command 'statsu'. Did you mean 'status'? See 'jobcloud help'.\n",
            ran.Error
        );
    }

    [Theory]
    [InlineData("--output", "xml", "status", "1")]
    [InlineData("--timeout", "soon", "status", "1")]
    [InlineData("--server", "tcp:1", "status", "1")]
    [InlineData("--server", "https://host/path", "status", "1")]
    [InlineData("--token-file", "no-such-file", "status", "1")]
    [InlineData("--output")]
    [InlineData("wait-for")]
    [InlineData("node")]
    public async Task Malformed_command_lines_exit_with_2(params string[] args)
    {
        var ran = await RunAsync(args);

        Assert.Equal(2, ran.Code);
        Assert.NotEmpty(ran.Error);
        Assert.Empty(ran.Output);
    }

    [Theory]
    [InlineData(RefusalCode.Usage, 2, "usage")]
    [InlineData(RefusalCode.UnknownJob, 3, "unknown-job")]
    [InlineData(RefusalCode.DeletedJob, 3, "deleted-job")]
    [InlineData(RefusalCode.UnfinishedJob, 3, "unfinished-job")]
    [InlineData(RefusalCode.NotAllowed, 3, "not-allowed")]
    [InlineData(RefusalCode.TooLarge, 3, "too-large")]
    [InlineData(RefusalCode.StoreUnavailable, 3, "store-unavailable")]
    [InlineData(RefusalCode.Busy, 3, "busy")]
    [InlineData(RefusalCode.Timeout, 3, "timeout")]
    [InlineData(RefusalCode.NotFound, 3, "not-found")]
    [InlineData(RefusalCode.Internal, 3, "internal")]
    public async Task A_refusal_has_the_same_exit_code_in_every_format(
        RefusalCode code,
        int exit,
        string word
    )
    {
        Cloud.Change = _ => throw ScriptedCloud.Refusal(code, "No.", 7);

        var text = await RunAsync("--timeout", "4", "delete", "7");
        var json = await RunAsync("--timeout", "4", "-o", "json", "delete", "7");

        Assert.Equal(exit, text.Code);
        Assert.EndsWith("No.\n", text.Error);
        Assert.Equal(exit, json.Code);
        Assert.Equal(word, json.JsonError.GetProperty("code").GetString());
        Assert.Equal(7, json.JsonError.GetProperty("jid").GetInt64());
    }

    [Fact]
    public async Task A_failed_request_exits_with_1_and_names_the_log()
    {
        Cloud.Status = _ => throw new InvalidOperationException("broken");

        var ran = await RunAsync("status", "1");
        Assert.Equal(
            (
                1,
                $"The request to unix:{Paths.GatewaySocket} failed: Exception was thrown by handler; see {Paths.NodeLog}.\n"
            ),
            (ran.Code, ran.Error)
        );
    }

    [Theory]
    [InlineData("help")]
    [InlineData("status", "1")]
    [InlineData("-o", "json", "status", "1")]
    public async Task A_failed_write_exits_with_1_and_a_message(params string[] args)
    {
        Cloud.Status = _ => Statuses((1, 1, Status.Done));
        OutputFile = "/dev/full";

        var ran = await RunAsync(args);

        Assert.Equal(1, ran.Code);
        Assert.Contains("could not read or write a file: No space left on device", ran.Error);
    }

    [Fact]
    public async Task A_request_over_its_time_limit_exits_with_3()
    {
        using var never = new ManualResetEventSlim();
        Cloud.Status = _ =>
        {
            never.Wait();
            return new();
        };

        var ran = await RunAsync("--timeout", "0.1", "status", "1");
        never.Set();

        Assert.Equal(3, ran.Code);
        Assert.Contains("did not answer within 0.1 s", ran.Error);
    }

    [Fact]
    public async Task Every_request_sends_the_access_token()
    {
        Cloud.Status = _ => new();
        Variables["JOBCLOUD_TOKEN_FILE"] = WriteFile("token", "secret\n");

        await RunAsync("status", "1");

        Assert.Equal("Bearer secret", Cloud.Authorization);
    }

    [Fact]
    public async Task Flags_override_the_environment()
    {
        Cloud.Status = _ => Statuses((1, 1, Status.Done));
        Variables["JOBCLOUD_SERVER"] = "unix:/nonexistent";

        var environment = await RunAsync("status", "1");
        var flag = await RunAsync("--server", "unix:run/jobcloud.sock", "status", "1");

        Assert.Equal(3, environment.Code);
        Assert.Equal(
            "No node answers at unix:/nonexistent; start one with 'jobcloud node start'.\n",
            environment.Error
        );
        Assert.Equal(0, flag.Code);
    }

    [Fact]
    public async Task A_too_long_socket_path_is_refused_with_the_reason()
    {
        Variables["JOBCLOUD_HOME"] = $"/tmp/{new string('x', 120)}";

        var ran = await RunAsync("status", "1");

        Assert.Equal(2, ran.Code);
        Assert.Contains("longer than 107 bytes", ran.Error);
    }

    [Fact]
    public async Task Config_shows_each_setting_with_its_origin()
    {
        var entry = new ConfigEntry
        {
            Key = "jobcloud.x",
            Value = "1",
            Origin = "reference.conf",
        };
        Cloud.Config = () => new() { Entries = { entry } };

        var ran = await RunAsync("config", "-o", "no-header");

        var lines = ran.Output.Split('\n');
        Assert.Contains(
            lines,
            line => line.StartsWith("client.home") && line.EndsWith("JOBCLOUD_HOME")
        );
        Assert.Contains(
            lines,
            line => line.StartsWith("client.output") && line.EndsWith("--output")
        );
        Assert.Contains(
            lines,
            line => line.StartsWith("jobcloud.x") && line.EndsWith("reference.conf")
        );
    }
}
