using Akka.Actor;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Asks nodes who has a terminal open in their jobs.</summary>
/// <param name="within">How long a node may take to answer.</param>
public sealed class TerminalReader(IActorRef agents, TimeSpan within)
{
    /// <summary>Jobs in one message at most: its answer must fit a frame.</summary>
    private const int JobsAtOnce = 100;

    private static readonly TerminalsRead Away = new() { Away = true };

    /// <summary>Adds to each of these processing jobs who is in it, or that it is not known.</summary>
    public async Task AddAsync(IEnumerable<JobDetail> jobs)
    {
        foreach (var onNode in jobs.GroupBy(j => j.Node))
        foreach (var some in onNode.Chunk(JobsAtOnce))
        {
            var read = await AskAsync(
                new ReadTerminals
                {
                    Node = onNode.Key,
                    Attempts =
                    {
                        some.Select(j => new AttemptKey { Jid = j.Jid, Attempt = j.Attempt }),
                    },
                }
            );
            var found = read.Attempts.ToDictionary(a => a.Jid, a => a.Terminals);
            foreach (var job in some)
                if (read.Away)
                    job.Absent.Add(
                        new Absence { Item = "terminals", Why = $"node {job.Node} is away" }
                    );
                else if (found.TryGetValue(job.Jid, out var terminals))
                    job.Terminals.Add(terminals);
        }
    }

    private async Task<TerminalsRead> AskAsync(ReadTerminals question)
    {
        try
        {
            return await agents.Ask<TerminalsRead>(question, within);
        }
        catch (AskTimeoutException)
        {
            return Away;
        }
    }
}
