using Akka.Actor;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Asks nodes what running jobs listen on.</summary>
/// <param name="within">How long a node may take to answer.</param>
/// <param name="waitLimit">How long one question may wait for a port.</param>
/// <param name="jobsAtOnce">Jobs in one message at most.</param>
public sealed class PortReader(
    IActorRef agents,
    TimeSpan within,
    TimeSpan waitLimit,
    int jobsAtOnce
)
{
    private const string Item = "ports";

    /// <summary>Adds to each of these processing jobs what it listens on, or why that is not
    /// known.</summary>
    public async Task AddAsync(IEnumerable<JobDetail> jobs)
    {
        foreach (var onNode in jobs.GroupBy(j => j.Node))
        foreach (var some in onNode.Chunk(jobsAtOnce))
        {
            var read = new ReadPorts { Node = onNode.Key, Attempts = { some.Select(KeyOf) } };
            var found = (await AskAsync(read, within)).Attempts.ToDictionary(a => a.Jid);
            foreach (var job in some)
                if (found.TryGetValue(job.Jid, out var seen))
                    Add(job, seen);
        }
    }

    /// <summary>What the job listens on once that is <paramref name="awaited"/>, or after a while;
    /// null: its attempt does not run, or its node is away.</summary>
    public async Task<AttemptPorts?> AwaitAsync(JobDetail job, AwaitedPort awaited)
    {
        var read = new ReadPorts
        {
            Node = job.Node,
            Attempts = { KeyOf(job) },
            Awaited = awaited,
            WaitMs = (long)waitLimit.TotalMilliseconds,
        };
        return (await AskAsync(read, waitLimit + within)).Attempts.FirstOrDefault();
    }

    private static void Add(JobDetail job, AttemptPorts seen)
    {
        if (seen.Trouble.Length > 0)
            job.Absent.Add(new Absence { Item = Item, Why = seen.Trouble });
        else
            job.Ports = seen.Ports;
    }

    private static AttemptKey KeyOf(JobDetail job) =>
        new() { Jid = job.Jid, Attempt = job.Attempt };

    private async Task<PortsRead> AskAsync(ReadPorts read, TimeSpan limit)
    {
        try
        {
            return await agents.Ask<PortsRead>(read, limit);
        }
        catch (AskTimeoutException)
        {
            return new PortsRead();
        }
    }
}
