using System.Net.Sockets;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.Testing;

/// <summary>The agent's side of the executor's socket, for tests.</summary>
public sealed class ExecutorClient : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Lock _gate = new();
    private readonly List<FromExecutor> _received = [];
    private readonly FrameWriteBuffer _outbox = new();
    private readonly Task _reading;
    private long _questions;
    private volatile Action<FromExecutor>? _callback;
    private TaskCompletionSource _more = NewSignal();

    private ExecutorClient(Socket socket)
    {
        _socket = socket;
        _reading = ReadAllAsync();
    }

    /// <summary>Connects, sends a hello, and waits for the inventory.</summary>
    public static async Task<ExecutorClient> OpenAsync(string socketPath, Hello? hello = null)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
        var conversation = new ExecutorClient(socket);
        conversation.Send(new ToExecutor { Hello = hello ?? new Hello { Session = 1 } });
        var answer = await conversation.WaitForAsync(m => m.Inventory is not null, "an inventory");
        conversation.Inventory = answer.Inventory;
        return conversation;
    }

    public Inventory Inventory { get; private set; } = new();

    /// <summary>Completes when the executor closes the connection.</summary>
    public Task Closed => _reading;

    public void Send(params ReadOnlySpan<ToExecutor> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages)
                _outbox.Add(message);
            while (_outbox.Count > 0)
                _outbox.Written(_socket.Send(_outbox.Pending.Span));
        }
    }

    public void Start(StartProcess order) => Send(new ToExecutor { Start = order });

    public void Stop(long jid, long graceMs = 0) =>
        Send(
            new ToExecutor
            {
                Stop = new()
                {
                    Jid = jid,
                    Attempt = 1,
                    GraceMs = graceMs,
                },
            }
        );

    public void Accept(long jid) =>
        Send(
            new ToExecutor
            {
                Accept = new() { Jid = jid, Attempt = 1 },
            }
        );

    public async Task<AttemptStart> StartedAsync(long jid) =>
        (await WaitForAsync(m => m.Started?.Jid == jid, $"the start of {jid}")).Started.Start;

    public async Task<AttemptEnd> EndedAsync(long jid) =>
        (await WaitForAsync(m => m.Ended?.Jid == jid, $"the end of {jid}")).Ended.End;

    /// <summary>Starts a job as attempt 1 and waits for its end.</summary>
    public async Task<AttemptEnd> RunAsync(StartProcess order)
    {
        Start(order);
        return await EndedAsync(order.Jid);
    }

    /// <summary>The current usage of a running job; null: no such job.</summary>
    public async Task<Usage?> UsageAsync(long jid)
    {
        var request = Interlocked.Increment(ref _questions);
        Send(
            new ToExecutor
            {
                Usages = new() { Request = request, Jids = { jid } },
            }
        );
        var answer = await WaitForAsync(m => m.Usages?.Request == request, "usages");
        return answer.Usages.Processes.SingleOrDefault()?.Usage;
    }

    /// <summary>The number of received messages of this kind.</summary>
    public int Count(Func<FromExecutor, bool> isOne)
    {
        lock (_gate)
            return _received.Count(isOne);
    }

    /// <summary>The first message of this kind, past or future.</summary>
    public async Task<FromExecutor> WaitForAsync(Func<FromExecutor, bool> isIt, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_received.Find(m => isIt(m)) is { } found)
                    return found;
                more = _more.Task;
            }
            try
            {
                await more.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"the executor did not send {what}");
            }
        }
    }

    /// <summary>Passes each further message to a callback instead of keeping it, until
    /// disposed.</summary>
    public IDisposable OnEach(Action<FromExecutor> callback)
    {
        _callback = callback;
        return new CallbackScope(this);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private async Task ReadAllAsync()
    {
        var inbox = new FrameReadBuffer();
        try
        {
            while (true)
            {
                var count = await _socket.ReceiveAsync(inbox.Room());
                if (count == 0)
                    return;
                inbox.Filled(count);
                Take(inbox);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Either end closed it.
        }
    }

    private void Take(FrameReadBuffer inbox)
    {
        if (_callback is { } callback)
        {
            while (inbox.Next(out var message) == FrameStatus.Whole)
                callback(FromExecutor.Parser.ParseFrom(message));
            return;
        }
        TaskCompletionSource more;
        lock (_gate)
        {
            while (inbox.Next(out var body) == FrameStatus.Whole)
                _received.Add(FromExecutor.Parser.ParseFrom(body));
            (more, _more) = (_more, NewSignal());
        }
        more.SetResult();
    }

    private sealed class CallbackScope(ExecutorClient conversation) : IDisposable
    {
        public void Dispose() => conversation._callback = null;
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
