using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Headless.Client;

/// <summary>A channel to a node, and how calls over it are made.</summary>
internal sealed class CloudConnection : IDisposable
{
    private readonly GrpcChannel channel;
    private readonly Metadata? headers;
    private readonly TimeSpan timeout;

    private CloudConnection(GrpcChannel channel, string? token, TimeSpan timeout, Patience patience)
    {
        this.channel = channel;
        this.timeout = timeout;
        headers = token is null ? null : new Metadata { { "authorization", $"Bearer {token}" } };
        Api = new Cloud.CloudClient(channel.Intercept(patience));
    }

    public Cloud.CloudClient Api { get; }

    /// <summary>Options of a call that is answered once, in time.</summary>
    public CallOptions Request() =>
        new(headers, timeout > TimeSpan.Zero ? DateTime.UtcNow + timeout : null);

    /// <summary>Options of a call that takes as long as it takes.</summary>
    public CallOptions Stream(CancellationToken cancellation = default) =>
        new(headers, cancellationToken: cancellation);

    public static CloudConnection ToRemote(
        Uri server,
        string? token,
        TimeSpan timeout,
        Patience patience
    ) =>
        new(
            GrpcChannel.ForAddress(server, Options(new SocketsHttpHandler())),
            token,
            timeout,
            patience
        );

    /// <param name="connected">A socket that is connected already, used first.</param>
    public static CloudConnection ToLocal(
        string path,
        Socket connected,
        string? token,
        TimeSpan timeout,
        Patience patience
    )
    {
        Socket? first = connected;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = Interlocked.Exchange(ref first, null);
                if (socket is null)
                {
                    socket = NewSocket();
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                }
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new(
            GrpcChannel.ForAddress("http://localhost", Options(handler)),
            token,
            timeout,
            patience
        );
    }

    /// <summary>A connected socket; null where nobody listens at <paramref name="path"/>.</summary>
    public static Socket? TryConnect(string path)
    {
        var socket = NewSocket();
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Dispose() => channel.Dispose();

    private static Socket NewSocket() =>
        new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static GrpcChannelOptions Options(SocketsHttpHandler handler) =>
        new()
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        };
}
