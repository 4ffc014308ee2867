using System.Security.Authentication;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Daemon.Tokens;
using JobCloud.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>gRPC over TLS for other machines, to those who show a token. A stranger costs a handshake, and
/// none of what it sends is read before its token is known.</summary>
public sealed class TcpDoor(TcpSettings settings, TlsFiles files, TokenDesk tokens)
{
    private int connections;

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
        if (who.Granted)
        {
            http.Features.Set(who.Reply);
            await next(http);
        }
        else
            Refuse(http.Response, who.Refusal);
    }

    private ConnectionDelegate Count(ConnectionDelegate next) =>
        async connection =>
        {
            try
            {
                if (Interlocked.Increment(ref connections) <= settings.ConnectionsMax)
                    await next(connection);
                else
                    connection.Abort();
            }
            finally
            {
                Interlocked.Decrement(ref connections);
            }
        };

    /// <summary>A status without a message, as gRPC has it: in the headers.</summary>
    private static void Refuse(HttpResponse response, Refusal refusal)
    {
        response.ContentType = "application/grpc";
        foreach (var entry in RefusalStatus.ToException(refusal).Trailers)
            response.Headers[entry.Key] = Convert.ToBase64String(entry.ValueBytes);
        response.Headers["grpc-status"] = $"{(int)RefusalStatus.CodeOf(refusal.Code)}";
    }
}
