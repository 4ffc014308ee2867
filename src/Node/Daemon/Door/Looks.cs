using Akka.Actor;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Asks what no segment tells of itself. Whatever goes wrong: there is nothing to see.</summary>
internal sealed class Looks(CurrentRequests requests, int visibleMost)
{
    private static readonly Identity Self = new("", Role.Admin);

    public sealed record Nodes(IReadOnlyList<NodeView> All);

    public sealed record Usage(IActorRef Client, IReadOnlyList<UsageNow> Usages);

    /// <summary>An item of the info catalogue that only the job's node knows.</summary>
    private const string UsageItem = "memory.usage";

    public async Task<object> AtNodes()
    {
        try
        {
            var outcome = await requests.Now.NodesAsync(new(), Self, CancellationToken.None);
            return outcome.Granted ? new Nodes([.. outcome.Reply.Nodes]) : Nothing.ToSee;
        }
        catch (Exception)
        {
            return Nothing.ToSee;
        }
    }

    public async Task<Usage> AtUsage(IActorRef client, IReadOnlyList<long> jids, Identity by)
    {
        var usages = new List<UsageNow>();
        var jobs = new Selection();
        foreach (var jid in jids.Take(visibleMost))
            jobs.Items.Add(
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                }
            );
        try
        {
            var request = new InfoRequest { Jobs = jobs, Items = { UsageItem } };
            await foreach (var job in requests.Now.InfoAsync(request, by, CancellationToken.None))
                if (job.Reply is { Usage: { } usage, Status: Protocol.Status.Processing } detail)
                    usages.Add(new UsageNow { Jid = detail.Jid, Usage = usage });
        }
        catch (Exception)
        {
            // A job was deleted meanwhile, or its node is away.
        }
        return new Usage(client, usages);
    }

    private sealed class Nothing
    {
        public static readonly Nothing ToSee = new();
    }
}
