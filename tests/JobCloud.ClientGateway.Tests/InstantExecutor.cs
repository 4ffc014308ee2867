using System.Threading.Channels;
using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.ClientGateway.Tests;

/// <summary>Starts no process: a job that it starts ends successfully at once, or keeps running if
/// <see cref="Holds"/> is set.</summary>
internal sealed class InstantExecutor : IExecutor
{
    private readonly Channel<ToExecutor> _asked = Channel.CreateUnbounded<ToExecutor>();
    private IActorRef _agent = ActorRefs.Nobody;

    /// <summary>True if new jobs keep running.</summary>
    public volatile bool Holds;

    public void Attach(IActorRef to)
    {
        _agent = to;
        _agent.Tell(new ExecutorUpdate.Connected());
        _ = Task.Run(AnswerAsync);
    }

    public void Send(ToExecutor message) => _asked.Writer.TryWrite(message);

    private async Task AnswerAsync()
    {
        await foreach (var message in _asked.Reader.ReadAllAsync())
        {
            if (Answer(message) is { } answer)
                _agent.Tell(new ExecutorUpdate.Received([answer]));
        }
    }

    private FromExecutor? Answer(ToExecutor message)
    {
        if (message.Hello is not null)
            return new FromExecutor { Inventory = new Inventory() };
        if (message.Usages is { } read)
            return new FromExecutor
            {
                Usages = new Usages
                {
                    Request = read.Request,
                    Processes =
                    {
                        read.Jids.Select(jid => new ProcessUsage
                        {
                            Jid = jid,
                            Attempt = 1,
                            Usage = new Usage { MemoryBytes = 4096 },
                        }),
                    },
                },
            };
        if (message.Start is not { } start)
            return null;
        return Holds
            ? new FromExecutor
            {
                Started = new ProcessStarted
                {
                    Jid = start.Jid,
                    Attempt = start.Attempt,
                    Start = new() { Pid = 1 },
                },
            }
            : new FromExecutor
            {
                Ended = new ProcessEnded
                {
                    Jid = start.Jid,
                    Attempt = start.Attempt,
                    End = new()
                    {
                        Exit = new Exit(),
                        StartedAt = TimeProvider.System.NowMicroseconds(),
                        EndedAt = TimeProvider.System.NowMicroseconds(),
                    },
                },
            };
    }
}
