using Akka.Actor;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>The way to the executor of this machine.</summary>
internal interface IExecutor
{
    /// <summary>
    /// Names the actor that gets <see cref="ExecutorNews"/> from now on; it is told of a standing
    /// connection at once.
    /// </summary>
    void Attach(IActorRef agent);

    /// <summary>
    /// Sends in the order of the calls, from any thread. What is sent without a connection is
    /// dropped: the inventory that begins the next one shows what to send again.
    /// </summary>
    void Send(ToExecutor message);
}

/// <summary>What the way to the executor tells the agent.</summary>
internal abstract record ExecutorNews
{
    private ExecutorNews() { }

    /// <summary>Connected: a Hello is due.</summary>
    public sealed record Up : ExecutorNews;

    /// <summary>The connection broke; another is being sought.</summary>
    /// <param name="Why">A sentence for the log.</param>
    public sealed record Down(string Why) : ExecutorNews;

    /// <summary>All that had come by one read, in order.</summary>
    public sealed record Said(IReadOnlyList<FromExecutor> Messages) : ExecutorNews;

    /// <summary>Nobody listens.</summary>
    /// <param name="ProcessLives">There is a process of it all the same: it starts or it
    /// ends.</param>
    public sealed record Unreachable(bool ProcessLives) : ExecutorNews;
}
