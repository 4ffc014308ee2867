using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using JobCloud.Node.Daemon.AccessTokens;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Serves gRPC over TLS to other machines that present an access token. A client without a
/// valid token costs a handshake and is closed soon; the node reads no request body before it has
/// checked the token.</summary>
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
                listen.Protocols = HttpProtocols.Http2;
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
            RefusalStatus.Write(http.Response, identity.Refusal);
            return;
        }
        var (user, isAdmin) = (identity.Reply.User, identity.Reply.IsAdmin);
        if (
            http.Features.Get<OpenConnections.ConnectionPlace>()?.TryAuthenticate(user, isAdmin)
            == false
        )
        {
            RefusalStatus.Write(http.Response, TooMany(user));
            return;
        }
        http.Features.Set(identity.Reply);
        if (await ServeAsync(http, next) is { } lost)
            RefusalStatus.Write(http.Response, lost);
    }

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

    /// <summary>TLS 1.3 only: all clients are JobCloud's own programs.</summary>
    private SslServerAuthenticationOptions Tls() =>
        new()
        {
            ServerCertificateContext = tls.Files.Context,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
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

    private Refusal TooMany(string user) =>
        Refusals.Of(
            RefusalCode.Busy,
            $"User {user} has too many connections to this endpoint (at most {connections.Limits.PerUser} for one user and {connections.Limits.Users} for all, by jobcloud.gateway.tcp.connections-max); close some or try again later."
        );
}
