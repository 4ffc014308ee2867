using System.Net.Sockets;
using Akka.Actor;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Settings of the agent's connection to its executor.</summary>
internal sealed record ExecutorConnectionSettings
{
    public required string Socket { get; init; }

    /// <summary>Delay before the first reconnection attempt; doubled after each failure.</summary>
    public TimeSpan BackOffMin { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>The connection to the executor's socket; reconnects whenever it breaks.</summary>
internal sealed class ExecutorConnection(
    ExecutorConnectionSettings settings,
    IMachine machine,
    TimeProvider clock
) : IExecutor, IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private volatile ExecutorSender? _sender;
    private IActorRef _agent = ActorRefs.Nobody;
    private Task? _running;

    public void Attach(IActorRef agent)
    {
        lock (_gate)
        {
            _agent = agent;
            if (_sender is not null)
                agent.Tell(new ExecutorUpdate.Connected());
            _running ??= Task.Run(RunAsync);
        }
    }

    public void Send(ToExecutor message) => _sender?.Add(message);

    public void Flush() => _sender?.Flush();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_running is not null)
            await _running;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        var backOff = settings.BackOffMin;
        while (!_end.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, 0);
            if (await ConnectAsync(socket))
            {
                backOff = settings.BackOffMin;
                await ServeAsync(socket);
                continue;
            }
            Tell(new ExecutorUpdate.Unreachable(machine.IsExecutorAlive()));
            await Task.Delay(backOff, clock, _end.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backOff = backOff * 2 < settings.BackOffMax ? backOff * 2 : settings.BackOffMax;
        }
    }

    private async Task<bool> ConnectAsync(Socket socket)
    {
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(settings.Socket), _end.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var sender = new ExecutorSender(socket, stop.Token);
        lock (_gate)
        {
            _sender = sender;
            Tell(new ExecutorUpdate.Connected());
        }
        var tasks = new[]
        {
            UntilBrokenAsync(ReadAsync(socket, stop.Token)),
            UntilBrokenAsync(sender.Broken.WaitAsync(stop.Token)),
        };
        var first = await Task.WhenAny(tasks);
        lock (_gate)
            _sender = null;
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
        Tell(new ExecutorUpdate.Disconnected(await first));
    }

    // A broken connection is expected: the caller reconnects.
    private static async Task<string> UntilBrokenAsync(Task work)
    {
        try
        {
            await work;
            return "The executor closed the connection.";
        }
        catch (Exception e)
            when (e is SocketException or OperationCanceledException or InvalidDataException)
        {
            return e.Message;
        }
    }

    private async Task ReadAsync(Socket socket, CancellationToken stop)
    {
        var inbox = new FrameReadBuffer();
        while (true)
        {
            var read = await socket.ReceiveAsync(inbox.Room(), stop);
            if (read == 0)
                return;
            inbox.Filled(read);
            var messages = Take(inbox);
            if (messages.Count > 0)
                Tell(new ExecutorUpdate.Received(messages));
        }
    }

    private static List<FromExecutor> Take(FrameReadBuffer inbox)
    {
        var messages = new List<FromExecutor>();
        while (true)
        {
            var status = inbox.Next(out var body);
            if (status == FrameStatus.Incomplete)
                return messages;
            if (
                status == FrameStatus.Malformed
                || !Frames.TryParse(FromExecutor.Parser, body, out var message)
            )
                throw new InvalidDataException("The executor sent a malformed message.");
            messages.Add(message);
        }
    }

    private void Tell(ExecutorUpdate update)
    {
        lock (_gate)
            _agent.Tell(update);
    }
}
