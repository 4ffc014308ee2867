using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Requests a ticket from a remote node, over TLS with an access token.</summary>
internal sealed class RemoteTicketClient(ConnectionOptions place, Uri server) : TicketClient
{
    protected override async Task<CallResult<Ticket>?> AskAsync(CancellationToken cancel)
    {
        try
        {
            var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = Trust() };
            using var channel = GrpcChannel.ForAddress(
                server,
                new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }
            );
            var ticket = await new Protocol.Api.Cloud.CloudClient(channel).TicketAsync(
                new TicketRequest(),
                Token(),
                cancellationToken: cancel
            );
            return new CallResult<Ticket>(ticket, null);
        }
        catch (RpcException failure)
        {
            cancel.ThrowIfCancellationRequested();
            return Refused(failure);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return Refused(
                $"Cannot read the access token or CA file for {place.Server}: {e.Message}"
            );
        }
    }

    private Metadata Token() =>
        place.TokenFile.Length > 0
            ? new() { { "authorization", $"Bearer {File.ReadAllText(place.TokenFile).Trim()}" } }
            : [];

    private SslClientAuthenticationOptions Trust()
    {
        var file = place.CaFile;
        if (file.Length == 0 && !File.Exists(file = place.Paths.TlsAuthority))
            return CertificateCheck.ServerTrust(authorities: null, TimeProvider.System);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return CertificateCheck.ServerTrust(authorities, TimeProvider.System);
    }

    /// <summary>Converts a failed call; null: no node responds.</summary>
    private CallResult<Ticket>? Refused(RpcException failure)
    {
        if (RefusalTrailer.Of(failure) is { } refusal)
            return new CallResult<Ticket>(null, refusal);
        if (ExpiredCertificateException.In(failure.Status.DebugException) is { } expired)
            return Refused(expired.Message);
        for (var cause = failure.Status.DebugException; cause is not null; )
        {
            if (cause is AuthenticationException)
                return Refused(
                    $"The certificate of {place.Server} is not trusted here or is not valid for that address; name its CA with --ca-file."
                );
            cause = cause.InnerException;
        }
        return failure.StatusCode == StatusCode.Unavailable ? null : Refused(failure.Status.Detail);
    }

    private static CallResult<Ticket> Refused(string message) =>
        new(null, new Refusal { Code = RefusalCode.NotAllowed, Message = message });
}
