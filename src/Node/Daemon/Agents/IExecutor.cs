using Akka.Actor;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>The agent's connection to the executor of this machine.</summary>
internal interface IExecutor
{
    /// <summary>Sets the actor that receives <see cref="ExecutorUpdate"/> from now on. An existing
    /// connection is reported to it at once.</summary>
    void Attach(IActorRef agent);

    /// <summary>Adds a message to those that the next <see cref="Flush"/> sends, in the order of
    /// the calls, from any thread. Without a connection they are dropped: the inventory at the
    /// start of the next one shows what to send again.</summary>
    void Send(ToExecutor message);

    /// <summary>Sends the added messages together. An executor that takes each at once needs no
    /// flush.</summary>
    void Flush() { }
}

/// <summary>A message from the connection to the agent.</summary>
internal abstract record ExecutorUpdate
{
    private ExecutorUpdate() { }

    /// <summary>Connected: the agent must send a Hello.</summary>
    public sealed record Connected : ExecutorUpdate;

    /// <summary>Disconnected: the connection broke and is being restored.</summary>
    /// <param name="Why">A sentence for the log.</param>
    public sealed record Disconnected(string Why) : ExecutorUpdate;

    /// <summary>The messages of one read, in order.</summary>
    public sealed record Received(IReadOnlyList<FromExecutor> Messages) : ExecutorUpdate;

    /// <summary>No process listens on the socket.</summary>
    /// <param name="ProcessIsAlive">True if an executor process exists anyway, starting or
    /// ending.</param>
    public sealed record Unreachable(bool ProcessIsAlive) : ExecutorUpdate;
}
