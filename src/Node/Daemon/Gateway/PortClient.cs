using Akka.Actor;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Asks the node of a running job for the ports it listens on.</summary>
/// <param name="within">Time limit for the answer of a node.</param>
/// <param name="waitLimit">Time that one question may wait for a port.</param>
internal sealed class PortClient(IActorRef agents, TimeSpan within, TimeSpan waitLimit)
{
    /// <summary>Returns the ports of the job once it listens on <paramref name="awaited"/>, or
    /// after the wait limit. Null if its attempt does not run or its node is unreachable.</summary>
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
