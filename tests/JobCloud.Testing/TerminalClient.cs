using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Testing;

/// <summary>A terminal client for tests. It keeps all output and takes it at once, up to an
/// optional limit.</summary>
public sealed class TerminalClient : IAsyncDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);
    private readonly Socket _socket;
    private readonly Lock _gate = new();
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _errors = new();
    private readonly TaskCompletionSource<FromTerminal> _first = NewSource<FromTerminal>();
    private readonly TaskCompletionSource<TerminalClosed?> _last = NewSource<TerminalClosed?>();
    private readonly Task _reading;
    private long _untaken;
    private long _mayTake;
    private long _sendRoom;
    private bool _isSending;

    private TerminalClient(Socket socket, long mayTake)
    {
        (_socket, _mayTake) = (socket, mayTake);
        _reading = ReadAsync();
    }

    /// <summary>Connects and requests a terminal.</summary>
    /// <param name="takes">The number of output bytes to take.</param>
    public static async Task<TerminalClient> OpenAsync(
        string socketPath,
        OpenTerminal open,
        long takes = long.MaxValue
    )
    {
        var client = await ConnectAsync(socketPath, takes);
        client.Send(new ToTerminal { Open = open });
        return client;
    }

    /// <summary>Connects without sending anything.</summary>
    public static async Task<TerminalClient> ConnectAsync(
        string socketPath,
        long takes = long.MaxValue
    )
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
        return new(socket, takes);
    }

    /// <summary>Receives output in place of <see cref="Output"/>.</summary>
    public Action<ReadOnlyMemory<byte>>? Sink { get; set; }

    /// <summary>All output so far, as text.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
                return Encoding.UTF8.GetString(_output.GetBuffer(), 0, (int)_output.Length);
        }
    }

    public byte[] Output
    {
        get
        {
            lock (_gate)
                return _output.ToArray();
        }
    }

    public string ErrorText
    {
        get
        {
            lock (_gate)
                return Encoding.UTF8.GetString(_errors.GetBuffer(), 0, (int)_errors.Length);
        }
    }

    public long OutputBytes
    {
        get
        {
            lock (_gate)
                return _output.Length;
        }
    }

    public async Task<TerminalOpened> OpenedAsync() =>
        (await _first.Task.WaitAsync(TimeLimit)) switch
        {
            { Opened: { } opened } => opened,
            var other => throw new InvalidOperationException($"not opened: {other}"),
        };

    /// <summary>True if it was opened, and false if it was refused.</summary>
    public async Task<bool> IsOpenedAsync() =>
        (await _first.Task.WaitAsync(TimeLimit)).Refusal is null;

    public async Task<Refusal> RefusedAsync() =>
        (await _first.Task.WaitAsync(TimeLimit)).Refusal
        ?? throw new InvalidOperationException("it was opened");

    /// <summary>Waits for its end and closes the connection, as clients do.</summary>
    public async Task<TerminalClosed> ClosedAsync()
    {
        var closed = await _last.Task.WaitAsync(TimeLimit);
        _socket.Shutdown(SocketShutdown.Both);
        return closed
            ?? throw new InvalidOperationException("the connection closed without a message");
    }

    /// <summary>Completes when the other end closes the connection.</summary>
    public Task DisconnectedAsync(TimeSpan? within = null) =>
        _reading.WaitAsync(within ?? TimeLimit);

    /// <summary>Waits for a text in the output.</summary>
    public Task WaitForTextAsync(string text) =>
        Eventually.HoldsAsync(() => Text.Contains(text), $"\"{text}\" in:\n{Text}");

    public void Type(string text) => Send(new ToTerminal { Input = ByteString.CopyFromUtf8(text) });

    public void EndInput() => Send(new ToTerminal { EndOfInput = new() });

    public void Signal(int number) => Send(new ToTerminal { Signal = number });

    public void Resize(int columns, int rows) =>
        Send(
            new ToTerminal
            {
                Resize = new() { Columns = columns, Rows = rows },
            }
        );

    /// <summary>Sends bytes as the window allows.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        var window = (await OpenedAsync()).WindowBytes;
        if (Interlocked.Exchange(ref _isSending, true) == false)
            Interlocked.Add(ref _sendRoom, window);
        for (var at = 0; at < bytes.Length && !_last.Task.IsCompleted; )
        {
            var room = (int)Math.Min(Interlocked.Read(ref _sendRoom), bytes.Length - at);
            var count = Math.Min(room, TerminalFrames.ChunkBytes);
            if (count == 0)
            {
                await Task.Delay(1);
                continue;
            }
            Interlocked.Add(ref _sendRoom, -count);
            Send(new ToTerminal { Input = ByteString.CopyFrom(bytes, at, count) });
            at += count;
        }
    }

    /// <summary>Takes this many further bytes.</summary>
    public void TakeMore(long bytes)
    {
        long taken;
        lock (_gate)
        {
            _mayTake = bytes;
            taken = Math.Min(_untaken, bytes);
            _mayTake -= taken;
            _untaken -= taken;
        }
        if (taken > 0)
            Send(new ToTerminal { Taken = taken });
    }

    public void Send(ToTerminal message)
    {
        var frame = new byte[Frames.SizeOf(message)];
        Frames.Write(message, frame);
        SendRaw(frame);
    }

    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        lock (_socket)
        {
            while (!bytes.IsEmpty)
                bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        var inbox = new FrameReadBuffer();
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(inbox.Room())) > 0)
            {
                inbox.Filled(count);
                while (inbox.Next(out var body) == FrameStatus.Whole)
                    Take(FromTerminal.Parser.ParseFrom(body));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Either end closed it.
        }
        _first.TrySetException(
            new InvalidOperationException("the connection closed without a message")
        );
        _last.TrySetResult(null);
    }

    private void Take(FromTerminal message)
    {
        switch (message.MessageCase)
        {
            case FromTerminal.MessageOneofCase.Opened or FromTerminal.MessageOneofCase.Refusal:
                _first.TrySetResult(message);
                break;
            case FromTerminal.MessageOneofCase.Output:
                if (Sink is { } sink)
                    Pass(sink, message.Output);
                else
                    Keep(_output, message.Output);
                break;
            case FromTerminal.MessageOneofCase.ErrorOutput:
                Keep(_errors, message.ErrorOutput);
                break;
            case FromTerminal.MessageOneofCase.Taken:
                Interlocked.Add(ref _sendRoom, message.Taken);
                break;
            case FromTerminal.MessageOneofCase.Closed:
                _last.TrySetResult(message.Closed);
                break;
        }
    }

    private void Pass(Action<ReadOnlyMemory<byte>> sink, ByteString bytes)
    {
        sink(bytes.Memory);
        Send(new ToTerminal { Taken = bytes.Length });
    }

    private void Keep(MemoryStream stream, ByteString bytes)
    {
        long taken;
        lock (_gate)
        {
            stream.Write(bytes.Span);
            taken = Math.Min(bytes.Length, _mayTake);
            _mayTake -= taken;
            _untaken += bytes.Length - taken;
        }
        if (taken > 0)
            Send(new ToTerminal { Taken = taken });
    }

    private static TaskCompletionSource<T> NewSource<T>() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
