using Akka.Actor;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Asks the node of a running job what it listens on.</summary>
/// <param name="within">How long a node may take to answer.</param>
/// <param name="waitLimit">How long one question may wait for a port.</param>
internal sealed class PortReader(IActorRef agents, TimeSpan within, TimeSpan waitLimit)
{
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
