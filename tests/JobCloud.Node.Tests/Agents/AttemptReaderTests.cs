using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Outputs;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

public sealed class AttemptReaderTests : ActorTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly OutputHome _home = new();
    private readonly List<object> _asked = [];
    private readonly HashSet<AttemptId> _known = [];
    private string _noSyslog = "";
    private TimeSpan _within = Limit;
    private bool _isSilent;

    public AttemptReaderTests()
        : base(Silent) { }

    [Fact]
    public void All_questions_are_answered_in_one_message()
    {
        _home.Write(1, "out");
        var read = Read(
            Item(1, AttemptItem.Usage),
            Item(1, AttemptItem.Ports),
            Item(1, AttemptItem.Terminals),
            OutputOf(1)
        );
        Assert.Equal(77, read[0].Usage.MemoryBytes);
        Assert.Equal(80, Assert.Single(read[1].Ports.Ports.Ports).Port);
        Assert.Empty(read[2].Terminals.Terminals);
        Assert.Equal("out", read[3].Output.Data.ToStringUtf8());
    }

    [Fact]
    public void An_answer_ends_when_the_message_is_full()
    {
        _home.Write(1, new string('x', 60_000));
        Assert.Equal(3, Read([.. Enumerable.Repeat(OutputOf(1), 10)]).Count);
    }

    [Fact]
    public void An_answer_has_a_limited_number_of_outputs_that_are_not_kept() =>
        Assert.Equal(32, Read([.. Enumerable.Repeat(OutputOf(1), 100)]).Count);

    [Fact]
    public void A_known_attempt_without_a_file_has_empty_output()
    {
        _known.Add(new(1, 1));
        var read = Read(OutputOf(1), OutputOf(2));
        Assert.Empty(read[0].Output.Data);
        Assert.Null(read[1].Output);
    }

    [Fact]
    public void A_node_without_a_system_log_gives_the_reason()
    {
        _noSyslog = "no right to";
        _known.Add(new(1, 1));
        var read = Read(OutputOf(1, OutputStream.Syslog), OutputOf(1));
        Assert.Equal(["no right to", ""], read.Select(answer => answer.Lacking));
    }

    [Fact]
    public void Ports_are_requested_for_a_limited_number_of_jobs_at_a_time()
    {
        var questions = Enumerable.Range(1, 50).Select(jid => Item(jid, AttemptItem.Ports));
        Assert.Equal(50, Read([.. questions]).Count);
        Assert.Equal([20, 20, 10], _asked.Select(read => ((ReadPorts)read).Attempts.Count));
    }

    [Fact]
    public void A_job_named_twice_is_answered_twice()
    {
        var read = Read(
            Item(1, AttemptItem.Usage),
            Item(1, AttemptItem.Usage),
            Item(1, AttemptItem.Ports),
            Item(1, AttemptItem.Ports)
        );
        Assert.Equal([77, 77], read.Take(2).Select(answer => answer.Usage.MemoryBytes));
        Assert.All(read.Skip(2), answer => Assert.Single(answer.Ports.Ports.Ports));
    }

    [Fact]
    public void After_a_timeout_the_executor_is_not_asked_again_and_files_are_still_read()
    {
        (_isSilent, _within) = (true, TimeSpan.FromMilliseconds(50));
        _home.Write(1, "out");
        var ports = Enumerable.Range(1, 50).Select(jid => Item(jid, AttemptItem.Ports));
        var read = Read([Item(1, AttemptItem.Usage), .. ports, OutputOf(1)]);
        Assert.Single(_asked);
        Assert.All(read.Take(51), answer => Assert.True(answer is { Usage: null, Ports: null }));
        Assert.Equal("out", read[51].Output.Data.ToStringUtf8());
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _home.Dispose();
    }

    private IList<AttemptAnswer> Read(params AttemptQuestion[] questions)
    {
        var agent = Sys.ActorOf(ScriptedActor.Of(Answer));
        var reader = Sys.ActorOf(
            AttemptReader.Props(
                new(_home.Paths),
                new(_home.Paths),
                new NodeTerminals("n1", "/nowhere", TimeProvider.System),
                _within
            )
        );
        var read = new ReadAttempts { Questions = { questions } };
        reader.Tell(new AttemptReader.ReadLocalAttempt(read, agent, _known, _noSyslog), TestActor);
        return ExpectMsg<AttemptsRead>(Limit).Answers;
    }

    private object? Answer(object question)
    {
        _asked.Add(question);
        return _isSilent ? null
            : question is ReadUsage usage
                ? new UsageRead
                {
                    Usages =
                    {
                        usage.Attempts.Select(key => new AttemptUsage
                        {
                            Jid = key.Jid,
                            Attempt = key.Attempt,
                            Usage = new Usage { MemoryBytes = 77 },
                        }),
                    },
                }
            : new PortsRead { Attempts = { ((ReadPorts)question).Attempts.Select(PortsOf) } };
    }

    private static AttemptPorts PortsOf(AttemptKey key) =>
        new()
        {
            Jid = key.Jid,
            Attempt = key.Attempt,
            Ports = new JobPorts { Ports = { new JobPort { Port = 80 } } },
        };

    private static AttemptQuestion Item(long jid, AttemptItem item) =>
        new()
        {
            Jid = jid,
            Attempt = 1,
            Item = item,
        };

    private static AttemptQuestion OutputOf(long jid, OutputStream stream = OutputStream.Stdout) =>
        new()
        {
            Jid = jid,
            Attempt = 1,
            Item = AttemptItem.Output,
            Stream = stream,
        };
}
