using Akka.Actor;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>The agent's connection to the executor of this machine.</summary>
internal interface IExecutor
{
    /// <summary>Sets the actor that receives <see cref="ExecutorNews"/> from now on. An existing
    /// connection is reported to it at once.</summary>
    void Attach(IActorRef agent);

    /// <summary>Sends messages in the order of the calls, from any thread. Without a connection
    /// they are dropped: the inventory at the start of the next one shows what to send
    /// again.</summary>
    void Send(ToExecutor message);
}

/// <summary>A message from the connection to the agent.</summary>
internal abstract record ExecutorNews
{
    private ExecutorNews() { }

    /// <summary>Connected: the agent must send a Hello.</summary>
    public sealed record Up : ExecutorNews;

    /// <summary>Disconnected: the connection broke and is being restored.</summary>
    /// <param name="Why">A sentence for the log.</param>
    public sealed record Down(string Why) : ExecutorNews;

    /// <summary>The messages of one read, in order.</summary>
    public sealed record Said(IReadOnlyList<FromExecutor> Messages) : ExecutorNews;

    /// <summary>No process listens on the socket.</summary>
    /// <param name="ProcessLives">True if an executor process exists anyway, starting or
    /// ending.</param>
    public sealed record Unreachable(bool ProcessLives) : ExecutorNews;
}
