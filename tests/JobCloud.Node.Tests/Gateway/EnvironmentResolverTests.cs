using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Gateway;

public sealed class EnvironmentResolverTests : ActorTest, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly Identity Ann = new("ann", Role.User);
    private static readonly Identity Admin = new("ann", Role.Admin);

    private readonly string _folder = Directory.CreateTempSubdirectory("jc-sur-").FullName;
    private readonly DefinitionsHandler _definitions;
    private readonly NodesReply _nodes = new()
    {
        Nodes =
        {
            new NodeView { Name = "n1", Isolation = new Isolation() },
        },
    };

    public EnvironmentResolverTests()
        : base("akka.persistence.journal.plugin = akka.persistence.journal.inmem")
    {
        var owner = Sys.ActorOf(
            DefinitionsActor.Props(
                "definitions",
                new DefinitionLimits(),
                TimeProvider.System,
                TestHome.NoDamage
            )
        );
        var fixedOne = Volume("data", _folder);
        fixedOne.Fixed = true;
        _definitions = new DefinitionsHandler(owner, [fixedOne], Limit);
    }

    void IDisposable.Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Dispose();
    }

    [Fact]
    public async Task Current_definitions_are_copied_into_the_submission()
    {
        await CreateAsync(
            new()
            {
                Environment = new() { Name = "e", Setup = "true" },
            }
        );
        var spec = new JobSpec { Environment = "e", Volumes = { "data" } };

        Assert.Null(await ResolveAsync(spec));

        Assert.Equal("true", spec.EnvironmentDefinition.Setup);
        Assert.Equal(_folder, Assert.Single(spec.VolumeDefinitions).Directory);
    }

    [Fact]
    public async Task Definitions_sent_by_a_client_are_removed()
    {
        var spec = new JobSpec
        {
            EnvironmentDefinition = new EnvironmentDefinition { Root = "/etc" },
            VolumeDefinitions = { new VolumeDefinition { Directory = "/root" } },
        };

        Assert.Null(await ResolveAsync(spec));

        Assert.Equal(new JobSpec(), spec);
    }

    [Fact]
    public async Task An_unknown_name_is_refused_by_name()
    {
        Assert.Equal(
            "Unknown environment 'e'; list them with 'jobcloud env list'.",
            (await ResolveAsync(new JobSpec { Environment = "e" }))!.Message
        );
        Assert.Equal(
            "Unknown volume 'v'; list them with 'jobcloud volume list'.",
            (await ResolveAsync(new JobSpec { Volumes = { "data", "v" } }))!.Message
        );
    }

    [Fact]
    public async Task A_missing_directory_is_refused_by_name()
    {
        await CreateAsync(Volume("v", $"{_folder}/none"));
        Assert.Equal(
            $"The job cannot be submitted: directory {_folder}/none of volume v does not exist or is not accessible.",
            (await ResolveAsync(new JobSpec { Volumes = { "v" } }))!.Message
        );
    }

    [Fact]
    public async Task A_job_that_no_node_can_isolate_is_refused()
    {
        var isolation = _nodes.Nodes[0].Isolation;
        isolation.NoSandbox = isolation.NoPrivateNetwork = "bubblewrap is missing";
        Assert.Equal(
            "The job cannot be submitted: private networks are unavailable: bubblewrap is missing.",
            (await ResolveAsync(new JobSpec { IsolateNetwork = true }))!.Message
        );
        Assert.Equal(
            "The job cannot be submitted: root file systems and volumes are unavailable: bubblewrap is missing.",
            (await ResolveAsync(new JobSpec { Volumes = { "data" } }))!.Message
        );
        Assert.Null(await ResolveAsync(new JobSpec()));

        _nodes.Nodes.Add(new NodeView { Name = "n2" });
        Assert.Null(await ResolveAsync(new JobSpec { IsolateNetwork = true }));
    }

    [Fact]
    public async Task Definitions_in_the_settings_cannot_be_changed()
    {
        var define = new DefineRequest { Definition = Volume("data", "/elsewhere") };
        var created = await _definitions.DefineAsync(define, Ann, default);
        const string Sentence =
            "The volume 'data' comes from the settings; change it there, in jobcloud.volumes.";
        Assert.Equal(Sentence, created.Refusal!.Message);
        var undefine = new UndefineRequest { Kind = DefinitionKind.Volume, Name = "data" };
        var deleted = await _definitions.UndefineAsync(undefine, Ann, default);
        Assert.Equal(Sentence, deleted.Refusal!.Message);
    }

    [Fact]
    public async Task A_list_has_configured_and_created_definitions_by_name()
    {
        await CreateAsync(Volume("a", "/a"));
        await CreateAsync(Volume("z", "/z"));
        var request = new DefinitionsRequest { Kind = DefinitionKind.Volume };
        var all = (await _definitions.ReadAsync(request, default)).Reply!.Definitions;
        Assert.Equal(["a", "data", "z"], all.Select(Definitions.NameOf));
        Assert.Equal([false, true, false], all.Select(one => one.Fixed));
    }

    private async Task<Refusal?> ResolveAsync(JobSpec spec)
    {
        var scheduler = Sys.ActorOf(Props.Create(() => new ScriptedScheduler(_nodes)));
        var surroundings = new EnvironmentResolver(
            _definitions,
            new NodesHandler(scheduler, Limit),
            new NodeFiles()
        );
        return await surroundings.ResolveAsync(spec, default);
    }

    private async Task CreateAsync(Definition definition)
    {
        var request = new DefineRequest { Definition = definition };
        Assert.True((await _definitions.DefineAsync(request, Admin, default)).IsGranted);
    }

    private static Definition Volume(string name, string directory) =>
        new()
        {
            Volume = new VolumeDefinition
            {
                Name = name,
                Directory = directory,
                MountPath = "/mnt",
            },
        };

    private sealed class ScriptedScheduler : ReceiveActor
    {
        public ScriptedScheduler(NodesReply nodes) =>
            Receive<SchedulerNodes>(_ => Sender.Tell(nodes));
    }
}
