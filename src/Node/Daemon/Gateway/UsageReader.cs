using Akka.Actor;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Asks nodes what running jobs use, all nodes at once.</summary>
/// <param name="within">How long a node may take to answer.</param>
public sealed class UsageReader(IActorRef agents, TimeSpan within)
{
    /// <summary>Adds to each of these processing jobs what it uses, where its node says so.</summary>
    public Task AddAsync(IEnumerable<JobDetail> jobs) =>
        Task.WhenAll(jobs.GroupBy(job => job.Node).Select(AddOfNodeAsync));

    private async Task AddOfNodeAsync(IGrouping<string, JobDetail> onNode)
    {
        var read = new ReadUsage { Node = onNode.Key };
        foreach (var job in onNode)
            read.Attempts.Add(new AttemptKey { Jid = job.Jid, Attempt = job.Attempt });
        var usages = (await AskAsync(read)).Usages.ToDictionary(usage => usage.Jid);
        foreach (var job in onNode)
            job.Usage = usages.GetValueOrDefault(job.Jid)?.Usage;
    }

    private async Task<UsageRead> AskAsync(ReadUsage read)
    {
        try
        {
            return await agents.Ask<UsageRead>(read, within);
        }
        catch (AskTimeoutException)
        {
            return new UsageRead();
        }
    }
}
