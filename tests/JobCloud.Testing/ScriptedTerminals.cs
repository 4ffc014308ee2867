using System.Collections.Concurrent;
using System.Net.Sockets;
using Google.Protobuf;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Testing;

/// <summary>A server of terminals on a unix socket, in place of the executor or the gateway. A
/// script handles each terminal.</summary>
public sealed class ScriptedTerminals : IAsyncDisposable
{
    private readonly Socket _listener = new(
        AddressFamily.Unix,
        SocketType.Stream,
        ProtocolType.Unspecified
    );
    private readonly byte[] _greeting;
    private readonly Task _listening;

    /// <param name="greeting">The required first bytes; other connections are closed.</param>
    public ScriptedTerminals(string path, ReadOnlySpan<byte> greeting = default)
    {
        _greeting = greeting.ToArray();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _listening = ListenAsync();
    }

    /// <summary>The script of a terminal, whose connection is closed afterwards.</summary>
    public Func<Peer, Task> Script { get; set; } = static _ => Task.CompletedTask;

    /// <summary>The number of open connections.</summary>
    public int Open => _open.Count;

    private readonly ConcurrentDictionary<Socket, bool> _open = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var socket in _open.Keys)
            socket.Dispose();
        await _listening;
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        _open[socket] = true;
        try
        {
            var peer = new Peer(socket);
            if (await peer.IsGreetedAsync(_greeting))
                await Script(peer);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The other side closed it.
        }
        socket.Dispose();
        _open.TryRemove(socket, out _);
    }

    /// <summary>One terminal.</summary>
    public sealed class Peer(Socket socket)
    {
        private readonly FrameReadBuffer _inbox = new();

        /// <summary>The next message; null: the other side closed the connection.</summary>
        public async Task<ToTerminal?> ReceiveAsync()
        {
            while (true)
            {
                if (_inbox.Next(out var body) == FrameStatus.Whole)
                    return ToTerminal.Parser.ParseFrom(body);
                var count = await socket.ReceiveAsync(_inbox.Room());
                if (count == 0)
                    return null;
                _inbox.Filled(count);
            }
        }

        public async Task SendAsync(FromTerminal message)
        {
            var frame = new byte[Frames.SizeOf(message)];
            Frames.Write(message, frame);
            await SendAsync(frame);
        }

        public async Task SendAsync(ReadOnlyMemory<byte> bytes)
        {
            while (bytes.Length > 0)
                bytes = bytes[await socket.SendAsync(bytes)..];
        }

        /// <summary>Reports the terminal as opened.</summary>
        public Task OpenedAsync(long window = 256 << 10) =>
            SendAsync(
                new FromTerminal
                {
                    Opened = new TerminalOpened
                    {
                        Node = "n1",
                        Attempt = 1,
                        WindowBytes = window,
                    },
                }
            );

        public Task SayAsync(string output) =>
            SendAsync(new FromTerminal { Output = ByteString.CopyFromUtf8(output) });

        public Task CloseAsync(int exitCode, ClosedBy by = ClosedBy.Exit, string why = "") =>
            SendAsync(
                new FromTerminal
                {
                    Closed = new TerminalClosed
                    {
                        ExitCode = exitCode,
                        By = by,
                        Why = why,
                    },
                }
            );

        internal async Task<bool> IsGreetedAsync(byte[] greeting)
        {
            var received = new byte[greeting.Length];
            for (var at = 0; at < received.Length; )
            {
                var count = await socket.ReceiveAsync(received.AsMemory(at));
                if (count == 0)
                    return false;
                at += count;
            }
            return received.AsSpan().SequenceEqual(greeting);
        }
    }
}
