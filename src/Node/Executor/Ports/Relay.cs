using System.Buffers;
using System.Net.Sockets;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Relays between two connections. Each direction has one buffer, so that a slow reader
/// slows its writer. An end of input is passed on; an abort closes both.</summary>
internal static class Relay
{
    private static readonly LingerOption Abort = new(true, 0);

    /// <summary>Completes when both directions have ended or one of them broke.</summary>
    public static async Task RunAsync(
        Socket client,
        Socket job,
        int bufferBytes,
        CancellationToken cancel
    )
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAll(
            PumpAsync(client, job, bufferBytes, broken),
            PumpAsync(job, client, bufferBytes, broken)
        );
        if (broken.IsCancellationRequested)
            (client.LingerState, job.LingerState) = (Abort, Abort);
    }

    private static async Task PumpAsync(
        Socket from,
        Socket to,
        int bufferBytes,
        CancellationTokenSource broken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, broken.Token)) > 0)
            {
                for (var rest = buffer.AsMemory(0, count); rest.Length > 0; )
                    rest = rest[await to.SendAsync(rest, broken.Token)..];
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            await broken.CancelAsync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
