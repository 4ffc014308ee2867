using System.Threading.Channels;
using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;

namespace JobCloud.Benchmarks;

/// <summary>An executor that starts no processes: each job ends successfully at once.</summary>
internal sealed class InstantExecutor : IExecutor
{
    private readonly Channel<ToExecutor> _requests = Channel.CreateUnbounded<ToExecutor>();
    private IActorRef _agent = ActorRefs.Nobody;

    public void Attach(IActorRef to)
    {
        _agent = to;
        _agent.Tell(new ExecutorUpdate.Connected());
        _ = Task.Run(AnswerAsync);
    }

    public void Send(ToExecutor message) => _requests.Writer.TryWrite(message);

    private async Task AnswerAsync()
    {
        while (await _requests.Reader.WaitToReadAsync())
        {
            var answers = new List<FromExecutor>();
            while (_requests.Reader.TryRead(out var message))
            {
                if (message.Hello is not null)
                    answers.Add(new FromExecutor { Inventory = new Inventory() });
                if (message.Start is { } start)
                    answers.Add(
                        new FromExecutor
                        {
                            Ended = new ProcessEnded
                            {
                                Jid = start.Jid,
                                Attempt = start.Attempt,
                                End = new() { Exit = new Exit() },
                            },
                        }
                    );
            }
            if (answers.Count > 0)
                _agent.Tell(new ExecutorUpdate.Received(answers));
        }
    }
}
