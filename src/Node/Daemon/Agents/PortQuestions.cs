using Akka.Actor;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Who asked the executor what jobs listen on. Each question goes on at once and is
/// answered in its own time: some wait for a port. The executor bounds how many do.</summary>
internal sealed class PortQuestions
{
    private readonly Dictionary<long, IActorRef> _askers = [];
    private long _request;

    /// <summary>What to ask the executor.</summary>
    public FindPorts Ask(IActorRef asker, ReadPorts question)
    {
        _askers[++_request] = asker;
        return new()
        {
            Request = _request,
            Attempts =
            {
                question.Attempts.Select(a => new AskedAttempt
                {
                    Jid = a.Jid,
                    Attempt = a.Attempt,
                }),
            },
            Awaited = question.Awaited,
            WaitMs = question.WaitMs,
        };
    }

    /// <summary>Whom the answer is for; nobody, if it was given up.</summary>
    public IActorRef? AskerOf(PortsFound found) =>
        _askers.Remove(found.Request, out var asker) ? asker : null;

    /// <summary>The connection broke: all of these are to be told that nothing is known.</summary>
    public IReadOnlyList<IActorRef> GiveUp()
    {
        IActorRef[] all = [.. _askers.Values];
        _askers.Clear();
        return all;
    }
}
