using Akka.Actor;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>The pending questions to the executor about the ports of jobs. Each is passed on at
/// once and answered separately, since some wait for a port. The executor limits how many
/// wait.</summary>
internal sealed class PortQuestions
{
    private readonly Dictionary<long, IActorRef> _askers = [];
    private long _request;

    /// <summary>Registers a question and returns the one to send to the executor.</summary>
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

    /// <summary>Removes and returns the asker of an answered question; null if the question was
    /// abandoned.</summary>
    public IActorRef? AskerOf(PortsFound found) =>
        _askers.Remove(found.Request, out var asker) ? asker : null;

    /// <summary>Abandons all questions because the connection broke. The caller must send their
    /// askers an empty answer.</summary>
    public IReadOnlyList<IActorRef> AbandonAll()
    {
        IActorRef[] all = [.. _askers.Values];
        _askers.Clear();
        return all;
    }
}
