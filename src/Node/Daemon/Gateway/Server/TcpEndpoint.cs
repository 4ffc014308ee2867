using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using JobCloud.Node.Daemon.AccessTokens;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Http;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.PublicJson;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Serves gRPC and HTTP over TLS to other machines that present an access token. A client
/// without a valid token costs a handshake and is closed soon; the node reads no request body
/// before it has checked the token.</summary>
internal sealed class TcpEndpoint(
    TcpSettings settings,
    NodeTls tls,
    TokenAuthenticator tokens,
    OpenConnections connections
)
{
    public string Name => $"https://{settings.Address}";

    /// <summary>Makes a server listen on the address.</summary>
    public void Listen(KestrelServerOptions kestrel)
    {
        kestrel.Limits.KeepAliveTimeout = settings.IdleLimit;
        kestrel.Limits.RequestHeadersTimeout = settings.RequestWithin;
        // Pings detect a client that disappeared without closing its connection.
        kestrel.Limits.Http2.KeepAlivePingDelay = settings.IdleLimit / 2;
        kestrel.Limits.Http2.KeepAlivePingTimeout = settings.RequestWithin;
        kestrel.Listen(
            settings.Address!,
            listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.Use(Enter);
                listen.UseHttps(
                    new TlsHandshakeCallbackOptions
                    {
                        // Asked for each connection: the certificate may have been renewed.
                        OnConnection = _ => ValueTask.FromResult(Tls()),
                        HandshakeTimeout = settings.HandshakeWithin,
                    }
                );
            }
        );
    }

    /// <summary>Refuses requests without a valid access token, and sets the identity of all
    /// others.</summary>
    public async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<Identity>() is not null)
        {
            await next(http);
            return;
        }
        var identity = await tokens.IdentifyAsync(
            http.Request.Headers.Authorization,
            http.RequestAborted
        );
        if (!identity.IsGranted)
        {
            await RefuseAsync(http, identity.Refusal);
            return;
        }
        var (user, isAdmin) = (identity.Reply.User, identity.Reply.IsAdmin);
        if (
            http.Features.Get<OpenConnections.ConnectionPlace>()?.TryAuthenticate(user, isAdmin)
            == false
        )
        {
            await RefusalStatus.WriteAsync(http, TooMany(user));
            return;
        }
        http.Features.Set(identity.Reply);
        if (await ServeAsync(http, next) is { } lost)
            await RefusalStatus.WriteAsync(http, lost);
    }

    /// <summary>Refuses a caller whose token is missing or invalid.</summary>
    private static Task RefuseAsync(HttpContext http, Refusal refusal) =>
        refusal.Code == RefusalCode.NotAllowed && HttpAnswers.Takes(http.Request)
            ? HttpAnswers.WriteAsync(
                http,
                HttpError.Of(ErrorKinds.Unauthenticated, refusal.Message)
            )
            : RefusalStatus.WriteAsync(http, refusal);

    /// <summary>Serves a call as long as its token is valid. Returns the refusal if it became
    /// invalid, else null.</summary>
    private async Task<Refusal?> ServeAsync(HttpContext http, RequestDelegate next)
    {
        var aborted = http.RequestAborted;
        using var call = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        using var served = new CancellationTokenSource();
        using var timer = new PeriodicTimer(settings.TokenAge);
        http.RequestAborted = call.Token;
        var watching = WatchAsync(http.Request.Headers.Authorization, timer, call, served.Token);
        try
        {
            await next(http);
        }
        finally
        {
            http.RequestAborted = aborted;
            timer.Dispose();
            await served.CancelAsync();
        }
        return await watching;
    }

    /// <summary>Cancels a call once its token is no longer valid. Valid tokens stay valid while the
    /// store is unavailable.</summary>
    private async Task<Refusal?> WatchAsync(
        string? header,
        PeriodicTimer timer,
        CancellationTokenSource call,
        CancellationToken served
    )
    {
        try
        {
            while (await timer.WaitForNextTickAsync(CancellationToken.None))
            {
                var identity = await tokens.IdentifyAsync(header, served);
                if (identity.IsGranted || identity.Refusal.Code != RefusalCode.NotAllowed)
                    continue;
                await call.CancelAsync();
                return identity.Refusal;
            }
        }
        catch (OperationCanceledException) when (served.IsCancellationRequested)
        {
            // The call ended while the token was being checked.
        }
        return null;
    }

    /// <summary>TLS 1.3 only, which all current clients know.</summary>
    private SslServerAuthenticationOptions Tls() =>
        new()
        {
            ServerCertificateContext = tls.Files.Context,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };

    private ConnectionDelegate Enter(ConnectionDelegate next) =>
        async connection =>
        {
            var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
            using var place = connections.Enter(connection, $"{address}");
            if (place is null)
            {
                connection.Abort();
                return;
            }
            connection.Features.Set(place);
            DetectLost(connection);
            using var served = new CancellationTokenSource();
            _ = place.CloseStrangerAsync(settings.AuthenticateWithin, served.Token);
            try
            {
                await next(connection);
            }
            finally
            {
                await served.CancelAsync();
            }
        };

    /// <summary>HTTP/1.1 has no pings, so the kernel detects clients that disappeared.</summary>
    private void DetectLost(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        var seconds = Math.Max(1, (int)settings.IdleLimit.TotalSeconds / 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
    }

    private Refusal TooMany(string user) =>
        Refusals.Of(
            RefusalCode.Busy,
            $"User {user} has too many connections to this endpoint (at most {connections.Limits.PerUser} for one user and {connections.Limits.Users} for all, by jobcloud.gateway.tcp.connections-max); close some or try again later."
        );
}
