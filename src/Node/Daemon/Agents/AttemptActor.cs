using Akka.Actor;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>
/// One attempt at a time, while it lives: has it started, and stopped when asked, reports its start and
/// its end, and is free for another once the end was accepted.
/// </summary>
public sealed class AttemptActor(IExecutor executor) : UntypedActor
{
    /// <summary>The end is safe in the store.</summary>
    public sealed record EndAccepted(AttemptId Id);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartProcess start:
                executor.Send(new ToExecutor { Start = start });
                break;
            case ProcessStarted started:
                Context.Parent.Tell(Reports.Of(started));
                break;
            case ProcessEnded ended:
                Context.Parent.Tell(Reports.Of(ended));
                break;
            case StopProcess stop:
                executor.Send(new ToExecutor { Stop = stop });
                break;
            case EndAccepted(var (jid, attempt)):
                var accept = new AcceptEnd { Jid = jid, Attempt = attempt };
                executor.Send(new ToExecutor { Accept = accept });
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
