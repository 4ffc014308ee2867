using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Remote.Transport.DotNetty;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>What a client shows to a cluster that talks by mutual TLS: its own certificate where
/// that is let in, else that of the node of its home.</summary>
internal static class ClientTls
{
    private const string Scheme = "akka.ssl.tcp";

    public static bool IsAskedBy(Address node) => node.Protocol == Scheme;

    /// <param name="clients">Nodes let in a client's certificate.</param>
    /// <exception cref="InvalidOperationException">There is no certificate that is of use; it says
    /// what to do.</exception>
    public static Setup SetupOf(HomePaths paths, bool clients, UiLog log, TimeProvider clock)
    {
        if (!clients && !File.Exists(paths.TlsCertificate))
            throw new InvalidOperationException(
                "Nodes let no client's certificate in; 'jobcloud.tls.clients = on' in their settings does."
            );
        var authorities = new X509Certificate2Collection();
        X509Certificate2 own;
        try
        {
            authorities.ImportFromPemFile(paths.TlsAuthority);
            own =
                clients && File.Exists(paths.TlsClientCertificate)
                    ? X509Certificate2.CreateFromPemFile(
                        paths.TlsClientCertificate,
                        paths.TlsClientKey
                    )
                    : X509Certificate2.CreateFromPemFile(paths.TlsCertificate, paths.TlsKey);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidOperationException(
                $"The cloud wants a certificate, and {paths.Tls} has none that can be used ({e.Message}); 'jobcloud ca client NAME' makes one.",
                e
            );
        }
        return new DotNettySslSetup(
            own,
            suppressValidation: false,
            requireMutualAuthentication: true,
            customValidator: (certificate, _, peer, _, _) =>
            {
                var subject = CertificateCheck.Identify(
                    certificate,
                    authorities,
                    clock.GetUtcNow(),
                    out var problem
                );
                if (subject is null)
                    log.Write($"{peer} was kept out: {problem}.");
                return subject is not null;
            }
        );
    }
}
