using System.Collections.Concurrent;
using System.Net.Sockets;
using Google.Protobuf;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Testing;

/// <summary>Speaks the frames of terminals.proto at a unix socket, as the executor or the gateway
/// does: what becomes of each terminal is a script.</summary>
public sealed class ScriptedTerminals : IAsyncDisposable
{
    private readonly Socket _listener = new(
        AddressFamily.Unix,
        SocketType.Stream,
        ProtocolType.Unspecified
    );
    private readonly byte[] _greeting;
    private readonly Task _listening;

    /// <param name="greeting">What a connection must begin with; others are closed.</param>
    public ScriptedTerminals(string path, ReadOnlySpan<byte> greeting = default)
    {
        _greeting = greeting.ToArray();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _listening = ListenAsync();
    }

    /// <summary>What to do with a terminal; its connection is closed afterwards.</summary>
    public Func<Peer, Task> Script { get; set; } = static _ => Task.CompletedTask;

    /// <summary>How many connections are open.</summary>
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
            // The test is over.
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
            // The other side has gone.
        }
        socket.Dispose();
        _open.TryRemove(socket, out _);
    }

    /// <summary>One terminal.</summary>
    public sealed class Peer(Socket socket)
    {
        private readonly FrameInbox _inbox = new();

        /// <summary>The next message; null: the other side has gone.</summary>
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

        /// <summary>Says that the terminal is open.</summary>
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
            var heard = new byte[greeting.Length];
            for (var at = 0; at < heard.Length; )
            {
                var count = await socket.ReceiveAsync(heard.AsMemory(at));
                if (count == 0)
                    return false;
                at += count;
            }
            return heard.AsSpan().SequenceEqual(greeting);
        }
    }
}
