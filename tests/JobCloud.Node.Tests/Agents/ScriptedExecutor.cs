using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Agents;

/// <summary>An executor in memory. It starts nothing, and sends what a test requests.</summary>
public sealed class ScriptedExecutor : IExecutor
{
    private readonly Lock _gate = new();
    private readonly List<ToExecutor> _received = [];
    private IActorRef _agent = ActorRefs.Nobody;

    /// <summary>The answer to the next Hello, or null for none.</summary>
    public Inventory? Inventory { get; set; } = new() { ExecutorPid = 7, Limits = "cgroup v2" };

    /// <summary>Selects the message for which the next call of Send throws, once; null for
    /// none.</summary>
    public Func<ToExecutor, bool>? Fails { get; set; }

    public IReadOnlyList<ToExecutor> Received
    {
        get
        {
            lock (_gate)
                return [.. _received];
        }
    }

    public IReadOnlyList<StartProcess> Starts =>
        [.. Received.Where(m => m.Start is not null).Select(m => m.Start)];

    public IReadOnlyList<StopProcess> Stops =>
        [.. Received.Where(m => m.Stop is not null).Select(m => m.Stop)];

    public IReadOnlyList<AttemptId> Accepted =>
        [
            .. Received
                .Where(m => m.Accept is not null)
                .Select(m => new AttemptId(m.Accept.Jid, m.Accept.Attempt)),
        ];

    public void Attach(IActorRef agent)
    {
        _agent = agent;
        agent.Tell(new ExecutorUpdate.Connected());
    }

    public void Send(ToExecutor message)
    {
        if (Fails?.Invoke(message) == true)
        {
            Fails = null;
            throw new InvalidOperationException("the test makes this message fail");
        }
        lock (_gate)
            _received.Add(message);
        if (message.Hello is not null && Inventory is { } inventory)
            Deliver(new FromExecutor { Inventory = inventory });
    }

    internal void Tell(ExecutorUpdate news) => _agent.Tell(news);

    public void Deliver(params FromExecutor[] messages) =>
        _agent.Tell(new ExecutorUpdate.Received(messages));

    public void DeliverStarted(params long[] jids) =>
        Deliver([.. jids.Select(jid => new FromExecutor { Started = Started(jid) })]);

    public void DeliverEnded(params long[] jids) =>
        Deliver([.. jids.Select(jid => new FromExecutor { Ended = Ended(jid) })]);

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
