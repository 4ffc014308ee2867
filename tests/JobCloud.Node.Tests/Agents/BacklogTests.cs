using FsCheck.Xunit;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

public sealed class BacklogTests
{
    private static readonly Resources Plenty = new() { Cores = int.MaxValue, MemoryBytes = 1 };

    [Property]
    public void The_order_of_arrival_does_not_matter((sbyte, bool, byte)[] kinds, int seed)
    {
        var attempts = kinds
            .Select((k, i) => Attempt(i + 1, k.Item1, k.Item2, k.Item3))
            .OrderBy(a => (a.Id.Jid * 7919 + seed) % 101)
            .ToArray();
        var backlog = new Backlog();
        foreach (var attempt in attempts)
            backlog.Add(attempt);
        var taken = new List<KnownAttempt>();
        backlog.TakeFitting(new FreeResources(Plenty), taken);
        Assert.Equal(
            attempts
                .OrderBy(a => a.Priority)
                .ThenBy(a => !a.Restarted)
                .ThenBy(a => a.Created)
                .ThenBy(a => a.Id.Jid),
            taken
        );
        Assert.Equal(0, backlog.Count);
    }

    [Property]
    public void A_removed_attempt_is_not_taken((sbyte, bool, byte)[] kinds)
    {
        var backlog = new Backlog();
        var attempts = kinds.Select((k, i) => Attempt(i + 1, k.Item1, k.Item2, k.Item3)).ToArray();
        foreach (var attempt in attempts)
            backlog.Add(attempt);
        foreach (var attempt in attempts.Where(a => a.Id.Jid % 2 == 0))
            backlog.Remove(attempt);
        Assert.Equal(
            attempts.Where(a => a.Id.Jid % 2 == 1).ToHashSet(),
            backlog.TakeAll().ToHashSet()
        );
    }

    private static KnownAttempt Attempt(long jid, int priority, bool restarted, long created)
    {
        var group = new AttemptGroup
        {
            Spec = new JobSpec(),
            Priority = priority,
            Created = created,
        };
        var order = new AttemptOrder
        {
            Jid = jid,
            Attempt = 1,
            Restarted = restarted,
        };
        return new(group, order, new AttemptCommand(group, "n1", "", new("/home")));
    }
}
