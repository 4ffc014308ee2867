using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.ClusterPort;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The TLS identity of a client: its own certificate where nodes accept client
/// certificates, else that of the node in its home.</summary>
internal static class ClientTls
{
    /// <param name="clients">Whether nodes accept client certificates.</param>
    /// <exception cref="InvalidOperationException">There is no usable certificate; the message says
    /// what to do.</exception>
    public static ClusterTrust TrustOf(HomePaths paths, bool clients, UiLog log, TimeProvider clock)
    {
        if (!clients && !File.Exists(paths.TlsCertificate))
            throw new InvalidOperationException(
                "The nodes do not accept client certificates; set 'jobcloud.tls.clients = on' on the nodes."
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
                $"The cloud requires a client certificate, and {paths.Tls} has no usable one ({e.Message}); create one with 'jobcloud ca client NAME'.",
                e
            );
        }
        var context = new Lazy<SslStreamCertificateContext>(() =>
            SslStreamCertificateContext.Create(own, authorities, offline: true)
        );
        return new ClusterTrust(
            () => context.Value,
            certificate =>
            {
                CertificateCheck.Identify(
                    certificate,
                    authorities,
                    clock.GetUtcNow(),
                    out var problem
                );
                return problem;
            },
            sentence => log.Write(sentence),
            // A node with a store of its own may have a certificate under any name.
            bindsNames: false
        );
    }
}
