using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>The handler with a scripted submitter and index.</summary>
public sealed class SubmitHandlerTests : SegmentsTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private readonly List<SubmitJobs> _sent = [];
    private JobsSubmitted? _answer = new(7, 7);
    private int _nodesAsked;

    [Fact]
    public async Task A_job_gets_the_limits_of_its_core_type()
    {
        var reply = await SubmitAsync(r => (r.Spec.CoreType, r.Spec.Cores) = ("c1", 2));
        Assert.Equal(new SubmitReply { First = 7, Last = 7 }, reply.Reply);
        var spec = Assert.Single(_sent).Parts[0].Facts.Spec;
        Assert.Equal((2, 600L << 20, true), (spec.Cores, spec.MemoryBytes, spec.MemoryByType));
        Assert.Equal("ann", _sent[0].Parts[0].Facts.Owner);
    }

    [Fact]
    public async Task A_job_that_asks_for_nothing_has_no_limits()
    {
        await SubmitAsync(r => r.Spec.Cores = 0);
        var spec = Assert.Single(_sent).Parts[0].Facts.Spec;
        Assert.Equal(("", 0, 0L), (spec.CoreType, spec.Cores, spec.MemoryBytes));
    }

    [Fact]
    public async Task A_job_that_no_node_can_run_is_submitted_with_a_note()
    {
        var reply = await SubmitAsync(r => r.Spec.Cores = 64);
        Assert.Equal("no node has 64 cores", reply.Reply!.NoNode);
        Assert.Single(_sent);
    }

    [Fact]
    public async Task A_strict_job_that_no_node_can_run_is_refused_and_not_sent()
    {
        var reply = await SubmitAsync(r => (r.Spec.Cores, r.Strict) = (64, true));
        Assert.Equal(RefusalCode.NotFound, reply.Refusal!.Code);
        Assert.Contains("Nothing was submitted: no node has 64 cores.", reply.Refusal.Message);
        Assert.Empty(_sent);
        Assert.True((await SubmitAsync(r => (r.Spec.Cores, r.Strict) = (32, true))).IsGranted);
    }

    [Fact]
    public async Task The_nodes_are_not_asked_about_a_job_that_this_node_can_run()
    {
        await SubmitAsync(r => r.Spec.Cores = 2);
        await SubmitAsync(r => r.Spec.Cores = 0);
        Assert.Equal(0, _nodesAsked);
        await SubmitAsync(r => r.Spec.Cores = 3);
        Assert.Equal(1, _nodesAsked);
    }

    [Fact]
    public async Task The_gateway_names_the_account_of_a_job_and_the_caller_cannot()
    {
        await SubmitAsync(r => r.Spec.Account = "root");
        Assert.Equal("ann", Assert.Single(_sent).Parts[0].Facts.Spec.Account);
        await SubmitAsync(by: Ann with { Account = "games" });
        Assert.Equal("games", _sent[1].Parts[0].Facts.Spec.Account);
    }

    [Fact]
    public async Task A_token_of_a_user_named_root_submits_no_jobs_of_root()
    {
        var reply = await SubmitAsync(by: new Identity("root", Role.Admin));
        Assert.Equal(RefusalCode.NotAllowed, reply.Refusal!.Code);
        Assert.Contains("--run-as ACCOUNT", reply.Refusal.Message);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task An_invalid_submission_is_refused_and_not_sent()
    {
        var reply = await SubmitAsync(r => r.Spec.CoreType = "x9");
        Assert.Contains("x9", reply.Refusal!.Message);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Dependencies_are_resolved_and_must_exist()
    {
        Submitted((1, 2));
        await SubmitAsync(r => r.Dependencies = Jobs((1, 2)));
        Assert.Equal([JidRanges.Range(1, 2)], Assert.Single(_sent).Parts[0].Facts.DependsOn);
        var reply = await SubmitAsync(r => r.Dependencies = Jobs((1, 3)));
        Assert.Equal((RefusalCode.UnknownJob, 3), (reply.Refusal!.Code, reply.Refusal.Jid));
    }

    [Fact]
    public async Task A_job_gets_the_place_of_its_submission()
    {
        var variable = new Variable { Name = "PATH", Value = "/venv/bin" };
        await SubmitAsync(r =>
            r.Place = new() { Directory = "/project", Variables = { variable } }
        );
        var spec = Assert.Single(_sent).Parts[0].Facts.Spec;
        Assert.Equal(("/project", variable), (spec.WorkingDirectory, Assert.Single(spec.Exported)));
    }

    [Theory]
    [InlineData("relative", "PATH")]
    [InlineData("/project", "A=B")]
    public async Task A_place_that_no_job_can_have_is_refused(string directory, string name)
    {
        var reply = await SubmitAsync(r =>
            r.Place = new() { Directory = directory, Variables = { new Variable { Name = name } } }
        );
        Assert.Equal(RefusalCode.Usage, reply.Refusal!.Code);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task A_dry_run_checks_and_sends_nothing()
    {
        Assert.Equal(new SubmitReply(), (await SubmitAsync(r => r.DryRun = true)).Reply);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task A_submission_with_a_request_id_is_sent_with_its_key()
    {
        await SubmitAsync(r => r.RequestId = "new");
        Assert.Equal(new RequestKey("ann", "new"), Assert.Single(_sent).Key);
    }

    [Fact]
    public async Task A_refusal_is_passed_on()
    {
        _answer = new(0, 0, new Refusal { Code = RefusalCode.StoreUnavailable });
        Assert.Equal(RefusalCode.StoreUnavailable, (await SubmitAsync()).Refusal!.Code);
    }

    [Fact]
    public async Task A_late_acknowledgement_is_refused_with_advice_to_use_a_request_id()
    {
        _answer = null;
        var reply = await SubmitAsync(within: Short);
        Assert.Equal(RefusalCode.StoreUnavailable, reply.Refusal!.Code);
        Assert.Contains("--request-id", reply.Refusal.Message);
    }

    private Task<Outcome<SubmitReply>> SubmitAsync(
        Action<SubmitRequest>? change = null,
        TimeSpan? within = null,
        Identity? by = null
    )
    {
        var request = new SubmitRequest
        {
            Spec = new JobSpec { Command = "true", Cores = 1 },
        };
        change?.Invoke(request);
        return new SubmitHandler(
            Selections,
            Client,
            Sys.ActorOf(ScriptedActor.Of(Submitter)),
            new EnvironmentResolver(
                new DefinitionsHandler(ActorRefs.Nobody, [], Limit),
                new NodesHandler(ActorRefs.Nobody, Limit),
                null
            ),
            new CapacityChecker(new Resources { Cores = 2, MemoryBytes = 1L << 30 }, Nodes),
            new SubmissionLimits(CoreTypes.Presets),
            within ?? Limit,
            dependencySegmentsMax: 3
        )
        {
            Keep = static (bytes, _, _) => Task.FromResult(BlobRules.RefOf(bytes.Span)),
            OwnDirectories = "/home/attempts",
        }.SubmitAsync(request, by ?? Ann, CancellationToken.None);
    }

    private Task<Outcome<NodesReply>> Nodes(CancellationToken cancel)
    {
        _nodesAsked++;
        var capacity = new Resources { Cores = 32, MemoryBytes = 1L << 30 };
        return Task.FromResult<Outcome<NodesReply>>(
            new NodesReply { Nodes = { new NodeView { Capacity = capacity } } }
        );
    }

    private object? Submitter(object question)
    {
        _sent.Add((SubmitJobs)question);
        return _answer;
    }
}
