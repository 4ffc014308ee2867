using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>A terminal connection over gRPC, to a remote node.</summary>
internal sealed class GrpcTerminalConnection(
    AsyncDuplexStreamingCall<ToTerminal, FromTerminal> call
) : ITerminalConnection
{
    private readonly Lock _sending = new();

    public void Send(ToTerminal message)
    {
        try
        {
            lock (_sending)
                call.RequestStream.WriteAsync(message).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            throw new IOException("The node closed the connection.", e);
        }
    }

    public FromTerminal? Receive()
    {
        try
        {
            return call.ResponseStream.MoveNext(CancellationToken.None).GetAwaiter().GetResult()
                ? call.ResponseStream.Current
                : null;
        }
        catch (RpcException e)
            when (CallFailures.Of(e) == CallFailure.NoAnswer && !CallErrors.IsUntrusted(e))
        {
            return null;
        }
    }

    public void Dispose() => call.Dispose();
}
