using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Agents;

/// <summary>Runs attempts in memory. While it shakes, calls of Send fail at random and send
/// nothing.</summary>
internal sealed class ShakyExecutor(int seed) : IExecutor
{
    private readonly Lock _gate = new();
    private readonly Random _dice = new(seed);
    private readonly Dictionary<long, ProcessEnded?> _attempts = [];
    private readonly List<long> _starts = [];
    private IActorRef _agent = ActorRefs.Nobody;

    public volatile bool Shakes = true;

    /// <summary>The started jobs, once for each start.</summary>
    public IReadOnlyList<long> Starts
    {
        get
        {
            lock (_gate)
                return [.. _starts];
        }
    }

    public void Attach(IActorRef agent)
    {
        lock (_gate)
            _agent = agent;
        agent.Tell(new ExecutorUpdate.Connected());
    }

    public void Send(ToExecutor message)
    {
        lock (_gate)
        {
            if (Shakes && _dice.Next(10) == 0)
                throw new InvalidOperationException("shaken");
            if (message.Hello is not null)
                Say(new() { Inventory = Inventory() });
            else if (message.Start is { } start && _attempts.TryAdd(start.Jid, null))
            {
                _starts.Add(start.Jid);
                Say(new() { Started = ScriptedExecutor.Started(start.Jid) });
            }
            else if (message.Accept is { } accept)
                _attempts.Remove(accept.Jid);
        }
    }

    /// <summary>Ends the attempt that has run longest, if there is one.</summary>
    public void EndOne()
    {
        lock (_gate)
        {
            var running = _starts.Find(jid =>
                _attempts.TryGetValue(jid, out var end) && end is null
            );
            if (running == 0)
                return;
            _attempts[running] = ScriptedExecutor.Ended(running);
            Say(new() { Ended = _attempts[running] });
        }
    }

    private Inventory Inventory()
    {
        var inventory = new Inventory { ExecutorPid = 7 };
        foreach (var (jid, end) in _attempts)
            if (end is null)
                inventory.Running.Add(ScriptedExecutor.Started(jid));
            else
                inventory.Ended.Add(end);
        return inventory;
    }

    private void Say(FromExecutor message) => _agent.Tell(new ExecutorUpdate.Received([message]));
}
