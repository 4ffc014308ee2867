using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Agents;

/// <summary>Runs attempts in memory and keeps the truth about them; while it shakes, sending to it
/// fails at random, and then nothing was sent.</summary>
internal sealed class ShakyExecutor(int seed) : IExecutor
{
    private readonly Lock gate = new();
    private readonly Random dice = new(seed);
    private readonly Dictionary<long, ProcessEnded?> attempts = [];
    private readonly List<long> starts = [];
    private IActorRef agent = ActorRefs.Nobody;

    public volatile bool Shakes = true;

    /// <summary>The jobs that were started, each as often as it was.</summary>
    public IReadOnlyList<long> Starts
    {
        get
        {
            lock (gate)
                return [.. starts];
        }
    }

    public void Attach(IActorRef agent)
    {
        lock (gate)
            this.agent = agent;
        agent.Tell(new ExecutorNews.Up());
    }

    public void Send(ToExecutor message)
    {
        lock (gate)
        {
            if (Shakes && dice.Next(10) == 0)
                throw new InvalidOperationException("shaken");
            if (message.Hello is not null)
                Say(new() { Inventory = Inventory() });
            else if (message.Start is { } start && attempts.TryAdd(start.Jid, null))
            {
                starts.Add(start.Jid);
                Say(new() { Started = ScriptedExecutor.Started(start.Jid) });
            }
            else if (message.Accept is { } accept)
                attempts.Remove(accept.Jid);
        }
    }

    /// <summary>Ends the attempt that runs longest, if one does.</summary>
    public void EndOne()
    {
        lock (gate)
        {
            var running = starts.Find(jid => attempts.TryGetValue(jid, out var end) && end is null);
            if (running == 0)
                return;
            attempts[running] = ScriptedExecutor.Ended(running);
            Say(new() { Ended = attempts[running] });
        }
    }

    private Inventory Inventory()
    {
        var inventory = new Inventory { ExecutorPid = 7 };
        foreach (var (jid, end) in attempts)
            if (end is null)
                inventory.Running.Add(ScriptedExecutor.Started(jid));
            else
                inventory.Ended.Add(end);
        return inventory;
    }

    private void Say(FromExecutor message) => agent.Tell(new ExecutorNews.Said([message]));
}
