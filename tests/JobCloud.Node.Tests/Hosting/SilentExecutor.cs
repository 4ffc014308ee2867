using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Hosting;

/// <summary>An executor that never answers: its node starts no job, and no other
/// executor.</summary>
internal sealed class SilentExecutor : IExecutor
{
    public void Attach(IActorRef to) { }

    public void Send(ToExecutor message) { }
}
