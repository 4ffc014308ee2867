using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Agents;

/// <summary>An executor in memory: it starts nothing, and says what a test has it say.</summary>
public sealed class ScriptedExecutor : IExecutor
{
    private readonly Lock _gate = new();
    private readonly List<ToExecutor> _heard = [];
    private IActorRef _agent = ActorRefs.Nobody;

    /// <summary>What it answers the next Hello with; null: it keeps silent.</summary>
    public Inventory? Inventory { get; set; } = new() { ExecutorPid = 7, Limits = "cgroup v2" };

    /// <summary>Which message makes the next call of Send throw, once; null: none does.</summary>
    public Func<ToExecutor, bool>? Fails { get; set; }

    public IReadOnlyList<ToExecutor> Heard
    {
        get
        {
            lock (_gate)
                return [.. _heard];
        }
    }

    public IReadOnlyList<StartProcess> Starts =>
        [.. Heard.Where(m => m.Start is not null).Select(m => m.Start)];

    public IReadOnlyList<StopProcess> Stops =>
        [.. Heard.Where(m => m.Stop is not null).Select(m => m.Stop)];

    public IReadOnlyList<AttemptId> Accepted =>
        [
            .. Heard
                .Where(m => m.Accept is not null)
                .Select(m => new AttemptId(m.Accept.Jid, m.Accept.Attempt)),
        ];

    public void Attach(IActorRef agent)
    {
        _agent = agent;
        agent.Tell(new ExecutorNews.Up());
    }

    public void Send(ToExecutor message)
    {
        if (Fails?.Invoke(message) == true)
        {
            Fails = null;
            throw new InvalidOperationException("a test made this message fail");
        }
        lock (_gate)
            _heard.Add(message);
        if (message.Hello is not null && Inventory is { } inventory)
            Say(new FromExecutor { Inventory = inventory });
    }

    internal void Tell(ExecutorNews news) => _agent.Tell(news);

    public void Say(params FromExecutor[] messages) => _agent.Tell(new ExecutorNews.Said(messages));

    public void SayStarted(params long[] jids) =>
        Say([.. jids.Select(jid => new FromExecutor { Started = Started(jid) })]);

    public void SayEnded(params long[] jids) =>
        Say([.. jids.Select(jid => new FromExecutor { Ended = Ended(jid) })]);

    /// <summary>The start of the first attempt.</summary>
    public static ProcessStarted Started(long jid, int cores = 1) =>
        new()
        {
            Jid = jid,
            Attempt = 1,
            Start = new() { Pid = (int)jid + 1000, StartedAt = 5 },
            Cores = cores,
        };

    public static ProcessEnded Ended(long jid) =>
        new()
        {
            Jid = jid,
            Attempt = 1,
            End = new()
            {
                Exit = new Exit { Code = 3 },
                Usage = new Usage { CpuUserUs = 11 },
                StartedAt = 5,
                EndedAt = 9,
            },
        };
}
