using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using JobCloud.Protocol.Terminals;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Terminals;

/// <summary>A local port where each connection is served by an SSH server in a job, for OpenSSH
/// clients.</summary>
internal sealed class SshBridge : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _socketPath;
    private readonly OpenTerminal _open;
    private readonly Task _accepting;

    public SshBridge(string socketPath, long jid, string publicKey)
    {
        _socketPath = socketPath;
        _open = new()
        {
            Jid = jid,
            Kind = TerminalKind.SshServer,
            PublicKey = ByteString.CopyFromUtf8(publicKey),
        };
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The error output of the servers.</summary>
    public string Errors { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var terminal = await TerminalClient.ConnectAsync(_socketPath);
        terminal.Sink = bytes => socket.Send(bytes.Span);
        terminal.Send(new ToTerminal { Open = _open });
        var incoming = PumpAsync(socket, terminal);
        try
        {
            await terminal.OpenedAsync();
            await terminal.DisconnectedAsync(TimeSpan.FromMinutes(1));
        }
        catch (InvalidOperationException e)
        {
            Errors += e.Message;
        }
        Errors += terminal.ErrorText;
        socket.Dispose();
        await incoming;
    }

    private static async Task PumpAsync(Socket socket, TerminalClient terminal)
    {
        var buffer = new byte[64 << 10];
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer)) > 0)
                await terminal.SendAsync(buffer[..count]);
            terminal.EndInput();
        }
        catch (Exception e)
            when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Either end was closed.
        }
    }
}
