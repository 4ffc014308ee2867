using System.Security.Authentication;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Daemon.Tokens;
using JobCloud.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>gRPC over TLS for other machines, to those who show a token. A stranger costs a
/// handshake, and none of what it sends is read before its token is known.</summary>
internal sealed class TcpDoor(TcpSettings settings, TlsFiles files, TokenDesk tokens)
{
    private int _connections;

    public string Name => $"https://{settings.Address}";

    /// <summary>Adds the address to a server.</summary>
    public void Listen(KestrelServerOptions kestrel)
    {
        kestrel.Limits.KeepAliveTimeout = settings.IdleLimit;
        kestrel.Limits.RequestHeadersTimeout = settings.RequestWithin;
        // A client that is gone without a word is found out.
        kestrel.Limits.Http2.KeepAlivePingDelay = settings.IdleLimit / 2;
        kestrel.Limits.Http2.KeepAlivePingTimeout = settings.RequestWithin;
        kestrel.Listen(
            settings.Address!,
            listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(Count);
                listen.UseHttps(
                    new HttpsConnectionAdapterOptions
                    {
                        ServerCertificate = files.Own,
                        SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        HandshakeTimeout = settings.HandshakeWithin,
                    }
                );
            }
        );
    }

    /// <summary>Answers who shows no good token; all others are known from here on.</summary>
    public async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<Identity>() is not null)
        {
            await next(http);
            return;
        }
        var who = await tokens.IdentifyAsync(
            http.Request.Headers.Authorization,
            http.RequestAborted
        );
        if (!who.Granted)
        {
            Refuse(http.Response, who.Refusal);
            return;
        }
        http.Features.Set(who.Reply);
        if (await ServeAsync(http, next) is { } lost)
            Refuse(http.Response, lost);
    }

    /// <summary>Serves a call for as long as its token is good; why it is not any more, else
    /// null.</summary>
    private async Task<Refusal?> ServeAsync(HttpContext http, RequestDelegate next)
    {
        var gone = http.RequestAborted;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone);
        using var served = new CancellationTokenSource();
        using var rounds = new PeriodicTimer(settings.TokenAge);
        http.RequestAborted = over.Token;
        var watching = WatchAsync(http.Request.Headers.Authorization, rounds, over, served.Token);
        try
        {
            await next(http);
        }
        finally
        {
            http.RequestAborted = gone;
            rounds.Dispose();
            await served.CancelAsync();
        }
        return await watching;
    }

    /// <summary>Ends a call once its token is not good any more. While the store is away, all are
    /// believed that were.</summary>
    private async Task<Refusal?> WatchAsync(
        string? header,
        PeriodicTimer rounds,
        CancellationTokenSource call,
        CancellationToken served
    )
    {
        try
        {
            while (await rounds.WaitForNextTickAsync(CancellationToken.None))
            {
                var who = await tokens.IdentifyAsync(header, served);
                if (who.Granted || who.Refusal.Code != RefusalCode.NotAllowed)
                    continue;
                await call.CancelAsync();
                return who.Refusal;
            }
        }
        catch (OperationCanceledException) when (served.IsCancellationRequested)
        {
            // It was served while the store was asked.
        }
        return null;
    }

    private ConnectionDelegate Count(ConnectionDelegate next) =>
        async connection =>
        {
            try
            {
                if (Interlocked.Increment(ref _connections) <= settings.ConnectionsMax)
                    await next(connection);
                else
                    connection.Abort();
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        };

    /// <summary>A status as gRPC has it: in the headers where no message went before, else after
    /// the last.</summary>
    private static void Refuse(HttpResponse response, Refusal refusal)
    {
        var status = response.Headers;
        if (response.HasStarted)
            status = response
                .HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>()
                .Trailers;
        else
            response.ContentType = "application/grpc";
        foreach (var entry in RefusalStatus.ToException(refusal).Trailers)
            status[entry.Key] = Convert.ToBase64String(entry.ValueBytes);
        status["grpc-status"] = $"{(int)RefusalStatus.CodeOf(refusal.Code)}";
    }
}
