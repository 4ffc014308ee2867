using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway.Peers;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Jobs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Serves gRPC, plain frames and HTTP/1.1 on unix sockets. The kernel names the process at
/// the other end.</summary>
internal sealed class UnixEndpoint(
    PeerIdentifier peers,
    OpenConnections connections,
    Dispatcher calls,
    PlainSessions plain
)
{
    /// <summary>How the server handles HTTP/1.1 on the socket that speaks nothing else; an endpoint
    /// of Kestrel without TLS speaks one version of HTTP.</summary>
    private ConnectionDelegate? _http1;

    /// <summary>Makes a server listen on the sockets.</summary>
    /// <param name="http">The socket for HTTP/1.1 alone; it is opened first.</param>
    public void Listen(KestrelServerOptions kestrel, string http, IEnumerable<string> sockets)
    {
        kestrel.ListenUnixSocket(
            http,
            listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next =>
                {
                    _http1 = next;
                    return connection => EnterAsync(connection, (_, _) => next(connection));
                });
            }
        );
        foreach (var socket in sockets)
            kestrel.ListenUnixSocket(
                socket,
                listen =>
                {
                    listen.Protocols = HttpProtocols.Http2;
                    listen.Use(next =>
                        connection =>
                            EnterAsync(
                                connection,
                                (place, peer) => plain.ServeAsync(place, peer, _http1!, next)
                            )
                    );
                }
            );
    }

    /// <summary>Sets the identity of requests that came through a unix socket, or refuses
    /// them.</summary>
    public async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<ConnectedPeer>() is { } peer)
        {
            var identity = await calls.IdentifyAsync(peer.IdentifyAsync, http.RequestAborted);
            if (!identity.IsGranted)
            {
                await RefusalStatus.WriteAsync(http, identity.Refusal);
                return;
            }
            http.Features.Set(identity.Reply);
        }
        await next(http);
    }

    /// <summary>Finds the peer of a connection, and serves the connection if there is a place for
    /// it.</summary>
    private async Task EnterAsync(
        ConnectionContext connection,
        Func<ConnectionContext, ConnectedPeer, Task> serve
    )
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return;
        var peer = peers.Of(socket);
        using var place = connections.Enter(connection, peer.Account);
        if (place is null || !place.TryAuthenticate(peer.Account, peer.IsAdmin))
        {
            await plain.RefuseAsync(connection, TooMany(connections.Limits));
            return;
        }
        connection.Features.Set(peer);
        await serve(connection, peer);
    }

    private static Refusal TooMany(ConnectionLimits limits) =>
        // Clients repeat what is busy, on the same connection, which is closed.
        Refusals.Of(
            RefusalCode.NotAllowed,
            $"The node has too many connections to its socket (at most {limits.Total}, {limits.Users} of users who are not admins and {limits.PerUser} of any one of them, by jobcloud.gateway.connections-max); end some commands or try again later."
        );
}
