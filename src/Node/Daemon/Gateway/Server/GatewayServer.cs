using System.Net.Sockets;
using System.Text;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway.Peers;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Http;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol.Homes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Serves gRPC, plain frames and HTTP on unix sockets that only their user can open and,
/// if configured, gRPC and HTTP on a TCP endpoint.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    /// <summary>Time that a stopping node gives to requests in progress.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(1);

    /// <summary>Maximum size of all headers of one request; real ones have a few hundred
    /// bytes.</summary>
    private const int MaxHeaderBytes = 16 << 10;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone =
        Private
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    /// <summary>Everyone can enter, and only the owner can change: 0711.</summary>
    private const UnixFileMode OpenFolder =
        Private | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly WebApplication _app;

    private GatewayServer(WebApplication app) => _app = app;

    /// <param name="connections">Those of the unix socket.</param>
    /// <param name="tcp">Null if there is no TCP endpoint.</param>
    /// <param name="metrics">Null: the node has none.</param>
    /// <exception cref="CannotStartException">The socket belongs to another node or cannot be
    /// created.</exception>
    public static async Task<GatewayServer> StartAsync(
        GatewaySettings settings,
        Dispatcher calls,
        PeerIdentifier peers,
        OpenConnections connections,
        CancellationToken cancel,
        TcpEndpoint? tcp = null,
        MetricsCollector? metrics = null
    )
    {
        PrivateFolder.Create(Path.GetDirectoryName(settings.Socket)!);
        RemoveStaleSocket(settings.Socket);
        PrivateFolder.Create(Path.GetDirectoryName(settings.HttpSocket)!);
        RemoveStaleSocket(settings.HttpSocket);
        string[] open = [.. settings.OpenSockets.Where(CanOpen)];
        string[] sockets = [settings.Socket, .. open];
        metrics ??= new MetricsCollector(new NodeMeters());
        var app = Build(settings, calls, peers, connections, sockets, tcp, metrics);
        try
        {
            await app.StartAsync(cancel);
            File.SetUnixFileMode(settings.Socket, Private);
            File.SetUnixFileMode(settings.HttpSocket, Private);
            foreach (var socket in open)
                File.SetUnixFileMode(socket, Everyone);
        }
        catch (Exception e)
            when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            await app.DisposeAsync();
            throw new CannotStartException(
                $"Cannot listen on {settings.Socket}{(tcp is null ? "" : $" or {tcp.Name}")}: {e.Message}"
            );
        }
        return new GatewayServer(app);
    }

    public async Task StopAsync(CancellationToken cancel) => await _app.StopAsync(cancel);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(
        GatewaySettings settings,
        Dispatcher calls,
        PeerIdentifier peers,
        OpenConnections connections,
        IReadOnlyList<string> sockets,
        TcpEndpoint? tcp,
        MetricsCollector metrics
    )
    {
        var unix = new UnixEndpoint(peers, connections, calls, new PlainSessions(calls, settings));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
                kestrel.Limits.Http2.HeaderTableSize = 4096;
                kestrel.Limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
                unix.Listen(kestrel, settings.HttpSocket, sockets);
                tcp?.Listen(kestrel);
            });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = settings.MaxMessageBytes;
            grpc.MaxSendMessageSize = settings.MaxMessageBytes;
        });
        var app = builder.Build();
        app.Use(unix.AdmitAsync);
        if (tcp is not null)
            app.Use(tcp.AdmitAsync);
        var router = new HttpRouter(
            calls,
            new BodyReader(settings.MaxMessageBytes, settings.MemoryPerUser),
            metrics,
            TimeProvider.System
        );
        app.Use(
            (http, next) =>
                HttpAnswers.Takes(http.Request) && http.Features.Get<Identity>() is { } caller
                    ? router.ServeAsync(http, caller)
                    : next(http)
        );
        app.UseRouting();
        app.MapGrpcService(new GrpcCalls(calls, new Sessions(calls, settings)).Define());
        return app;
    }

    /// <summary>Prepares the place of a socket for all accounts; false: another node has it, or it
    /// cannot be created here, so this node does without it.</summary>
    private static bool CanOpen(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(path)!;
            if (!Directory.Exists(folder))
                Directory.CreateDirectory(folder, OpenFolder);
            // The mode above is subject to the umask.
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | OpenFolder);
            RemoveStaleSocket(path);
            return Encoding.UTF8.GetByteCount(path) <= HomePaths.SocketPathMax;
        }
        catch (Exception e)
            when (e is CannotStartException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes a socket file that no process listens on, left by a node that was
    /// killed.</summary>
    private static void RemoveStaleSocket(string path)
    {
        Aside.MoveFolder(path);
        using var probe = new Socket(
            AddressFamily.Unix,
            SocketType.Stream,
            ProtocolType.Unspecified
        );
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }
        throw new CannotStartException(
            $"Another node listens on {path}; stop it or choose another home with --home."
        );
    }
}
