using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class DefinitionCommandTests : CommandTest
{
    private static readonly Definition Tex = new()
    {
        Environment = new EnvironmentDefinition
        {
            Name = "tex",
            Variables =
            {
                new Variable { Name = "HOME2", Value = "/srv" },
            },
            Path = { "/opt/a", "/opt/b" },
            Setup = "ulimit -c 0",
            Root = "/srv/root",
            ReadOnly = true,
        },
        Owner = "ann",
        Created = 1_700_000_000_000_000,
    };

    private static readonly Definition Data = new()
    {
        Volume = new VolumeDefinition
        {
            Name = "data",
            Directory = "/srv/data",
            MountPath = "/data",
        },
        Fixed = true,
    };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Definitions = request => new DefinitionsReply
        {
            Definitions =
            {
                request switch
                {
                    DefineRequest define => define.Definition,
                    DefinitionsRequest { Kind: DefinitionKind.Environment } => Tex,
                    _ => Data,
                },
            },
        };
    }

    [Fact]
    public async Task Create_sends_every_option_of_an_environment()
    {
        var ran = await RunAsync(
            "env",
            "create",
            "tex",
            "-E",
            "HOME2=/srv",
            "--path",
            "/opt/a",
            "--path",
            "/opt/b",
            "--setup",
            "ulimit -c 0",
            "--root",
            "/srv/root",
            "--read-only"
        );

        Assert.Equal((0, ""), (ran.Code, ran.Output));
        Assert.Equal(Tex.Environment, Cloud.The<DefineRequest>().Definition.Environment);
    }

    [Fact]
    public async Task The_directory_of_a_volume_is_relative_to_the_working_directory_but_not_its_mount_path()
    {
        await RunAsync("volume", "create", "v", "sub", "/mnt/v", "--read-only");

        var volume = Cloud.The<DefineRequest>().Definition.Volume;
        Assert.Equal(
            (Path.Combine(Paths.Home, "sub"), "/mnt/v"),
            (volume.Directory, volume.MountPath)
        );
        Assert.True(volume.ReadOnly);
    }

    [Theory]
    [InlineData(
        "The mount path 'mnt' is not absolute; start it with /.",
        "volume",
        "create",
        "v",
        "/a",
        "mnt"
    )]
    [InlineData("--os-env: '=X' is not of the form NAME=VALUE.", "env", "create", "e", "-E", "=X")]
    [InlineData(
        "Only a root can be read-only; name a root or omit read-only.",
        "env",
        "create",
        "e",
        "--read-only"
    )]
    [InlineData("Missing subcommand; use 'env list', 'show', 'create', 'edit' or 'delete'.", "env")]
    public async Task Invalid_input_is_reported_without_a_request(
        string sentence,
        params string[] words
    )
    {
        var ran = await RunAsync(words);

        Assert.Equal((2, sentence), (ran.Code, ran.Error.TrimEnd()));
        Assert.False(Cloud.WasAsked);
    }

    [Fact]
    public async Task List_prints_a_table_and_complete_JSON()
    {
        var lines = (await RunAsync("volume", "list")).Output.Split('\n');
        Assert.StartsWith("name  directory  mount_path  read_only  owner", lines[0]);
        Assert.StartsWith("data  /srv/data  /data       no         (settings)", lines[1]);

        var json = (await RunAsync("-o", "json", "env", "list")).Json;
        var one = json.GetProperty("environments")[0];
        Assert.Equal("/srv", one.GetProperty("variables").GetProperty("HOME2").GetString());
        Assert.Equal("/opt/b", one.GetProperty("path")[1].GetString());
        Assert.Equal("ann", one.GetProperty("owner").GetString());
        Assert.StartsWith("2023-11-14T22:13:20", one.GetProperty("created").GetString());
        Assert.False(one.GetProperty("fixed").GetBoolean());
    }

    [Fact]
    public async Task Show_prints_the_owner_and_the_creation_time()
    {
        var lines = (await RunAsync("env", "show", "tex")).Output.Split('\n');

        Assert.Equal(
            [
                "name: tex",
                "variable: HOME2=/srv",
                "path: /opt/a",
                "path: /opt/b",
                "setup: ulimit -c 0",
                "root: /srv/root",
                "read-only: yes",
                "owner: ann",
            ],
            lines[..8]
        );
        Assert.StartsWith("created: 2023-11-1", lines[8]);
        Assert.Equal("tex", Cloud.The<DefinitionsRequest>().Name);
        var json = (await RunAsync("-o", "json", "volume", "show", "data")).Json;
        Assert.Equal("/data", json.GetProperty("mount_path").GetString());
        Assert.True(json.GetProperty("fixed").GetBoolean());
    }

    [Fact]
    public async Task Delete_sends_the_name_and_prints_a_refusal()
    {
        Assert.Equal(0, (await RunAsync("volume", "delete", "data")).Code);
        Assert.Equal(
            new UndefineRequest { Kind = DefinitionKind.Volume, Name = "data" },
            Cloud.The<UndefineRequest>()
        );

        Cloud.Definitions = _ => throw ScriptedCloud.Refusal(RefusalCode.NotAllowed, "No.");
        var ran = await RunAsync("env", "delete", "tex");
        Assert.Equal((3, "No."), (ran.Code, ran.Error.TrimEnd()));
    }

    [Fact]
    public async Task Exec_sends_the_environment_volumes_and_isolation()
    {
        Cloud.Submit = _ => new SubmitReply { First = 1, Last = 1 };
        await RunAsync("exec", "-e", "tex", "-v", "a", "-v", "b", "--isolate", "network", "true");

        var spec = Cloud.The<SubmitRequest>().Spec;
        Assert.Equal(("tex", true), (spec.Environment, spec.IsolateNetwork));
        Assert.Equal(["a", "b"], spec.Volumes);
        Assert.Equal(2, (await RunAsync("exec", "--isolate", "disk", "true")).Code);
    }

    [Fact]
    public async Task Edit_changes_only_what_its_options_name()
    {
        var ran = await RunAsync(
            "env",
            "edit",
            "tex",
            "-E",
            "NEW=1",
            "-E",
            "HOME2=/other",
            "--setup",
            "",
            "--writable"
        );

        var request = Cloud.The<DefineRequest>();
        var expected = Tex.Environment.Clone();
        expected.Variables[0].Value = "/other";
        expected.Variables.Add(new Variable { Name = "NEW", Value = "1" });
        (expected.Setup, expected.ReadOnly) = ("", false);
        Assert.Equal((0, "Changed environment 'tex'.\n"), (ran.Code, ran.Error));
        Assert.Equal(expected, request.Definition.Environment);
        Assert.Equal(Tex, request.Replaces);
    }

    [Fact]
    public async Task Edit_of_a_volume_changes_only_what_its_options_name()
    {
        await RunAsync("volume", "edit", "data", "--mount-path", "/mnt", "--read-only");

        Assert.Equal(
            new VolumeDefinition
            {
                Name = "data",
                Directory = "/srv/data",
                MountPath = "/mnt",
                ReadOnly = true,
            },
            Cloud.The<DefineRequest>().Definition.Volume
        );
    }

    [Theory]
    [InlineData("has no variable 'X'", "env", "edit", "tex", "--unset", "X")]
    [InlineData("Nothing to change", "env", "edit", "tex")]
    [InlineData("Nothing to change", "volume", "edit", "data", "--directory", "/srv/data")]
    public async Task An_edit_that_changes_nothing_is_a_usage_error(
        string message,
        params string[] args
    )
    {
        var ran = await RunAsync(args);

        Assert.Equal(2, ran.Code);
        Assert.Contains(message, ran.Error);
    }
}
