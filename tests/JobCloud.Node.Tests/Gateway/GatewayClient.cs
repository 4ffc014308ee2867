using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>A gRPC client of a unix socket.</summary>
public sealed class GatewayClient : IDisposable
{
    private readonly GrpcChannel _channel;

    public GatewayClient(string path)
    {
        _channel = GrpcChannel.ForAddress(
            "http://localhost",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    ConnectCallback = async (_, cancel) => await ConnectAsync(path, cancel),
                },
                MaxReceiveMessageSize = null,
            }
        );
        Invoker = _channel.CreateCallInvoker();
        Cloud = new Cloud.CloudClient(Invoker);
    }

    public CallInvoker Invoker { get; }
    public Cloud.CloudClient Cloud { get; }

    public static async Task<NetworkStream> ConnectAsync(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public void Dispose() => _channel.Dispose();
}
