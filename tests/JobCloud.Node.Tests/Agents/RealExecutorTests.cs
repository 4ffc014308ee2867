using System.Diagnostics;
using Akka.Actor;
using Akka.TestKit;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Tests.Executor;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

/// <summary>An agent with a real executor and real processes.</summary>
public sealed class RealExecutorTests : ActorTest, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TestProbe _region;
    private readonly ScriptedMachine _machine = new();
    private readonly List<ExecutorConnection> _connections = [];
    private readonly Queue<AttemptReport> _unread = [];
    private ExecutorProcess _executor = null!;

    public RealExecutorTests()
        : base(Silent) => _region = CreateTestProbe();

    public async Task InitializeAsync() => _executor = await ExecutorProcess.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        await _executor.DisposeAsync();
    }

    [Fact]
    public void A_job_runs_its_output_is_readable_and_its_end_is_reported()
    {
        var agent = StartAgent();
        agent.Tell(Order("echo {word} $JOBCLOUD_JID.$JOBCLOUD_ATTEMPT", 1), _region);
        Assert.NotNull(Next().Started);
        var ended = Next().Ended;
        Assert.Equal((0, 0, ""), (ended.Exit.Code, ended.Exit.Signal, ended.Exit.NotStarted));
        agent.Tell(new ReadOutput { Jid = 1, Attempt = 1 }, TestActor);
        Assert.Equal("hello 1.1\n", ExpectMsg<OutputRead>().Data.ToStringUtf8());
        agent.Tell(new ForgetJobs { Attempts = { Key(1) } });
        agent.Tell(new ReportsAccepted { Ended = { Key(1) } });
        AwaitAssert(() =>
        {
            agent.Tell(new ReadOutput { Jid = 1, Attempt = 1 }, TestActor);
            Assert.True(ExpectMsg<OutputRead>().Missing);
        });
    }

    [Fact]
    public void A_follower_gets_output_while_the_job_runs()
    {
        var agent = StartAgent();
        agent.Tell(Order("echo first; exec sleep 1000", 1), _region);
        Assert.NotNull(Next().Started);
        agent.Tell(
            new ReadOutput
            {
                Jid = 1,
                Attempt = 1,
                Wait = true,
            },
            TestActor
        );
        var read = ExpectMsg<OutputRead>(Limit);
        Assert.Equal(("first\n", false), (read.Data.ToStringUtf8(), read.Ended));
        agent.Tell(
            new ReadOutput
            {
                Jid = 1,
                Attempt = 1,
                Wait = true,
                Offset = 6,
            },
            TestActor
        );
        agent.Tell(
            new StopAttempts
            {
                Attempts =
                {
                    new StopAttempt { Jid = 1, Attempt = 1 },
                },
            }
        );
        Assert.True(ExpectMsg<OutputRead>(Limit).Ended);
    }

    [Fact]
    public void A_running_job_reports_its_usage_and_can_be_stopped()
    {
        var agent = StartAgent();
        agent.Tell(Order("exec sleep 1000", 1), _region);
        Assert.NotNull(Next().Started);
        agent.Tell(new ReadUsage { Attempts = { Key(1) } }, TestActor);
        Assert.Equal(1, Assert.Single(ExpectMsg<UsageRead>(Limit).Usages).Jid);
        agent.Tell(
            new StopAttempts
            {
                Attempts =
                {
                    new StopAttempt { Jid = 1, Attempt = 1 },
                },
            }
        );
        Assert.Equal(15, Next().Ended.Exit.Signal);
    }

    [Fact]
    public void A_new_agent_takes_over_the_jobs_of_the_old_one()
    {
        var first = StartAgent();
        first.Tell(Order("exec sleep 1000", 1), _region);
        Assert.NotNull(Next().Started);
        Sys.Stop(first);
        var second = StartAgent();
        Assert.NotNull(Next().Started);
        second.Tell(Order("true", 1, 2), _region);
        second.Tell(
            new StopAttempts
            {
                Attempts =
                {
                    new StopAttempt { Jid = 1, Attempt = 1 },
                },
            }
        );
        var ended = Next();
        Assert.Equal((1, 15), (ended.Jid, ended.Ended.Exit.Signal));
        Assert.Equal(2, Next().Jid);
    }

    [Fact]
    public async Task When_the_executor_crashes_its_jobs_are_killed_and_a_new_one_is_started()
    {
        _machine.IsAlive = false;
        var real = new LinuxMachine(_executor.Home, () => { }, TimeProvider.System);
        var agent = StartAgent();
        agent.Tell(Order("exec sleep 1000", 1), _region);
        var started = Next().Started;
        Assert.True(real.IsExecutorAlive());
        await _executor.CrashAsync();
        Assert.False(real.IsExecutorAlive());
        AwaitAssert(
            () =>
                Assert.Equal(
                    [$"kill {started.Pid} of {started.StartedAt}", "start executor", "exit 75"],
                    _machine.Done
                ),
            Limit
        );
        AwaitAssert(() => Assert.False(IsAlive(started.Pid)), Limit);
    }

    [Fact]
    public void A_process_group_is_killed_only_if_its_start_time_matches()
    {
        var real = new LinuxMachine(_executor.Home, () => { }, TimeProvider.System);
        using var first = Process.Start("setsid", ["sleep", "1000"]);
        var startedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
        AwaitAssert(
            () =>
            {
                first.Refresh();
                Assert.Equal("sleep", first.ProcessName);
            },
            Limit
        );
        real.KillGroup(first.Id, startedAt - 60_000_000);
        Assert.False(first.HasExited);
        real.KillGroup(first.Id, startedAt);
        Assert.True(first.WaitForExit(Limit));
    }

    private IActorRef StartAgent()
    {
        var settings = new AgentSettings
        {
            Node = "n1",
            Address = "localhost",
            Version = "1",
            Server = "unix:/s",
            Home = new("/home"),
            Capacity = new Resources { Cores = 1, MemoryBytes = 1000 },
            Backlog = 256,
            OfferInterval = TimeSpan.FromSeconds(5),
            KillGrace = TimeSpan.FromSeconds(1),
            SampleInterval = TimeSpan.FromSeconds(1),
            ExecutorGoneAfter = TimeSpan.FromMilliseconds(100),
        };
        var connection = new ExecutorConnection(
            new() { Socket = _executor.Home.ExecutorSocket },
            _machine,
            TimeProvider.System
        );
        _connections.Add(connection);
        var ports = new AgentDependencies
        {
            Executor = connection,
            Machine = _machine,
            Segments = _region,
            Scheduler = ActorRefs.Nobody,
            Outputs = OutputReader.Props(new(_executor.Home), new()),
            IsMember = () => true,
            MembershipStaleness = () => TimeSpan.Zero,
            Clock = TimeProvider.System,
        };
        return Sys.ActorOf(NodeAgentActor.Props(settings, ports));
    }

    private static StartAttempts Order(string command, params long[] jids)
    {
        var spec = new JobSpec
        {
            Command = command,
            Cores = 1,
            Data =
            {
                new Parameter { Name = "word", Value = "hello" },
            },
        };
        var orders = jids.Select(jid => new AttemptOrder { Jid = jid, Attempt = 1 });
        return new()
        {
            Groups =
            {
                new AttemptGroup { Spec = spec, Orders = { orders } },
            },
        };
    }

    private AttemptReport Next()
    {
        if (_unread.Count == 0)
            foreach (var report in _region.ExpectMsg<SegmentRequest>(Limit).Reports.Reports)
                _unread.Enqueue(report);
        return _unread.Dequeue();
    }

    private static AttemptKey Key(long jid) => new() { Jid = jid, Attempt = 1 };

    private static bool IsAlive(int pid) =>
        File.Exists($"/proc/{pid}/stat")
        && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
}
