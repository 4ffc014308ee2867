using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>The open terminals in the jobs of this node, connected to the executor's terminal
/// socket.</summary>
/// <param name="node">The name of this node.</param>
/// <param name="socket">The executor's socket for terminals.</param>
internal sealed class NodeTerminals(string node, string socket, TimeProvider clock)
{
    private static readonly StreamPipeReaderOptions Reading = new(
        bufferSize: 4 * TerminalFrames.ChunkBytes,
        leaveOpen: true
    );
    private static readonly StreamPipeWriterOptions Writing = new(leaveOpen: true);

    private readonly ConcurrentDictionary<ITerminalPipe, Entry> _open = new();

    /// <summary>Opens a terminal. Never fails: one that cannot be opened sends a refusal as its
    /// only frame.</summary>
    public async Task<ITerminalPipe> OpenAsync(OpenTerminal request)
    {
        var connection = new Socket(
            AddressFamily.Unix,
            SocketType.Stream,
            ProtocolType.Unspecified
        );
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            var end = new ExecutorEnd(this, connection);
            end.Output.WriteFrame(new ToTerminal { Open = request });
            await end.Output.FlushAsync();
            _open[end] = new Entry(new Jid(request.Jid), request.Attempt, ViewOf(request));
            return end;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            connection.Dispose();
            return await RefusedAsync(request, e.Message);
        }
    }

    /// <summary>Returns the open terminals of an attempt, oldest first.</summary>
    public IEnumerable<TerminalView> In(Jid jid, int attempt) =>
        _open
            .Values.Where(e => e.Jid == jid && e.Attempt == attempt)
            .Select(e => e.View)
            .OrderBy(v => v.Since);

    private TerminalView ViewOf(OpenTerminal request) =>
        new()
        {
            Id = request.Id,
            By = request.By,
            Kind = request.Kind,
            Command = TerminalMessages.Kept(request.Command),
            Since = clock.NowMicroseconds(),
        };

    private async Task<ITerminalPipe> RefusedAsync(OpenTerminal request, string why)
    {
        var pair = new PipePair();
        pair.Far.Output.WriteFrame(
            new FromTerminal
            {
                Refusal = TerminalMessages.NotOpened(new Jid(request.Jid), node, why),
            }
        );
        await pair.Far.Output.FlushAsync();
        await pair.Far.Output.CompleteAsync();
        return pair.Near;
    }

    private sealed record Entry(Jid Jid, int Attempt, TerminalView View);

    private sealed class ExecutorEnd : ITerminalPipe
    {
        private readonly NodeTerminals _owner;
        private readonly NetworkStream _stream;

        public ExecutorEnd(NodeTerminals owner, Socket connection)
        {
            _owner = owner;
            _stream = new NetworkStream(connection, ownsSocket: true);
            Input = PipeReader.Create(_stream, Reading);
            Output = PipeWriter.Create(_stream, Writing);
        }

        public PipeReader Input { get; }
        public PipeWriter Output { get; }

        public ValueTask DisposeAsync()
        {
            _owner._open.TryRemove(this, out _);
            return _stream.DisposeAsync();
        }
    }
}
