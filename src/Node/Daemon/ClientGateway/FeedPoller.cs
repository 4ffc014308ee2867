using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>Requests what segments do not push: the state of the nodes and the usage of visible
/// jobs. If a part of the cloud does not answer, its share is missing.</summary>
/// <param name="visibleMost">Maximum number of jobs per client.</param>
internal sealed class FeedPoller(
    NodesHandler nodes,
    SegmentClient segments,
    AttemptDetailClient attempts,
    int visibleMost
)
{
    /// <param name="All">Null: the scheduler did not answer.</param>
    public sealed record Nodes(IReadOnlyList<NodeView>? All);

    public sealed record VisibleUsage(IActorRef Client, IReadOnlyList<UsageNow> Usages);

    public async Task<Nodes> NodesAsync() =>
        new((await nodes.NodesAsync(CancellationToken.None)).Reply?.Nodes);

    /// <summary>The usage of those of the user's jobs that are processing.</summary>
    public async Task<VisibleUsage> UsageAsync(
        IActorRef client,
        IReadOnlyList<long> jids,
        Identity by
    )
    {
        var visible = jids.Take(visibleMost).Select(jid => JidRanges.Range(jid, jid));
        var jobs = new List<JobDetail>();
        await foreach (var read in segments.DetailsAsync(JidRanges.Normalize(visible), by))
            jobs.AddRange(read.Details.Where(job => job.Status == Protocol.Status.Processing));
        var usages = new List<UsageNow>();
        await foreach (var job in attempts.AddAsync(jobs, InfoNeed.Usage))
            if (job.Usage is { } usage)
                usages.Add(new UsageNow { Jid = job.Jid, Usage = usage });
        return new VisibleUsage(client, usages);
    }
}
