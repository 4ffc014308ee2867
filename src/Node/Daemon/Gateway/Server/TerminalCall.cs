using System.IO.Pipelines;
using Grpc.Core;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Carries a terminal over gRPC: converts between its messages and frames. The pipes
/// between them apply backpressure.</summary>
internal static class TerminalCall
{
    public static async Task RunAsync(
        IAsyncStreamReader<ToTerminal> incoming,
        IServerStreamWriter<FromTerminal> replies,
        Func<IDuplexPipe, Task> serve,
        CancellationToken disconnected
    )
    {
        var pair = new PipePair();
        var writing = WriteAsync(pair.Far.Input, replies, disconnected);
        // Reading ends with the call, and the call ends with this method.
        RpcException? malformed = null;
        _ = ReadAsync(incoming, pair.Far.Output, e => malformed = e);
        await serve(pair.Near);
        await pair.Near.Output.CompleteAsync();
        await writing;
        await pair.Near.Input.CompleteAsync();
        if (malformed is not null)
            throw malformed;
    }

    /// <param name="refuse">Gets the reason to refuse a malformed message, before the input
    /// ends.</param>
    private static async Task ReadAsync(
        IAsyncStreamReader<ToTerminal> from,
        PipeWriter to,
        Action<RpcException> refuse
    )
    {
        try
        {
            while (await from.MoveNext(CancellationToken.None))
            {
                to.WriteFrame(from.Current);
                if ((await to.FlushAsync()).IsCompleted)
                    return;
            }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            refuse(e);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or RpcException
                        or OperationCanceledException
                        or InvalidOperationException
            )
        {
            // The client disconnected or the call is over.
        }
        await to.CompleteAsync();
    }

    private static async Task WriteAsync(
        PipeReader from,
        IServerStreamWriter<FromTerminal> to,
        CancellationToken disconnected
    )
    {
        while (true)
        {
            var read = await from.ReadAsync();
            var rest = read.Buffer;
            while (
                TerminalFrameScanner.Next(ref rest, out _, out var body) == FrameStatus.Whole
                && Frames.TryParse(FromTerminal.Parser, body, out var message)
            )
            {
                // A cancelled write resets the stream, and the client would not learn why it ended.
                disconnected.ThrowIfCancellationRequested();
                await to.WriteAsync(message, disconnected);
            }
            from.AdvanceTo(rest.Start, read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }
}
