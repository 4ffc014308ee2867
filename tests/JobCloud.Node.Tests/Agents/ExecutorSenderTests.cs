using System.Net.Sockets;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Tests.Agents;

public sealed class ExecutorSenderTests : IDisposable
{
    private readonly string _path = Path.Combine(
        Directory.CreateTempSubdirectory("jc-sender").FullName,
        "s"
    );
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, 0);
    private readonly Socket _agent = new(AddressFamily.Unix, SocketType.Stream, 0);
    private readonly Socket _executor;
    private readonly CancellationTokenSource _stop = new();
    private readonly ExecutorSender _sender;

    public ExecutorSenderTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
        _agent.Connect(new UnixDomainSocketEndPoint(_path));
        _executor = _listener.Accept();
        _sender = new(_agent, _stop.Token);
    }

    public void Dispose()
    {
        foreach (var socket in (ReadOnlySpan<Socket>)[_listener, _agent, _executor])
            socket.Dispose();
        _stop.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public async Task Messages_gather_until_they_are_flushed_and_keep_their_order()
    {
        for (var jid = 1; jid <= 3; jid++)
            _sender.Add(Start(jid));
        Assert.Equal(0, _executor.Available);
        _sender.Flush();
        Assert.Equal([1L, 2, 3], await ReceiveAsync(3));
    }

    [Fact]
    public async Task A_flush_does_not_wait_for_an_executor_that_does_not_read()
    {
        const int Messages = 300;
        for (var jid = 1; jid <= Messages; jid++)
        {
            _sender.Add(Start(jid, padding: 64 * 1024));
            _sender.Flush();
        }
        Assert.Equal(
            Enumerable.Range(1, Messages).Select(i => (long)i),
            await ReceiveAsync(Messages)
        );
    }

    [Fact]
    public async Task A_closed_connection_is_told()
    {
        _executor.Dispose();
        _sender.Add(Start(1));
        _sender.Flush();
        await Assert.ThrowsAsync<SocketException>(() => _sender.Broken);
    }

    private static ToExecutor Start(long jid, int padding = 0) =>
        new()
        {
            Start = new() { Jid = jid, Command = new string('x', padding) },
        };

    private async Task<List<long>> ReceiveAsync(int count)
    {
        var (inbox, jids) = (new FrameReadBuffer(), new List<long>());
        while (jids.Count < count)
        {
            inbox.Filled(await _executor.ReceiveAsync(inbox.Room()));
            while (inbox.Next(out var body) == FrameStatus.Whole)
                jids.Add(ToExecutor.Parser.ParseFrom(body).Start.Jid);
        }
        return jids;
    }
}
