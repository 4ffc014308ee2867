using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>The certificate of this node, and the CA certificates that it trusts.</summary>
/// <param name="Own">This node's certificate with its private key.</param>
/// <param name="Authorities">The CA certificates of this cloud.</param>
internal sealed record TlsFiles(X509Certificate2 Own, X509Certificate2Collection Authorities)
{
    /// <param name="problem">The reason why the files cannot be used, without a full stop; empty:
    /// they can.</param>
    public static TlsFiles? Load(
        string authority,
        string certificate,
        string key,
        DateTimeOffset now,
        out string problem
    )
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(authority);
            var files = new TlsFiles(
                X509Certificate2.CreateFromPemFile(certificate, key),
                authorities
            );
            var subject = CertificateCheck.Identify(files.Own, authorities, now, out problem);
            if (subject is { Role: not CertificateRole.Node })
                problem = $"the certificate of {files.Own.Subject} is not a node certificate";
            return problem.Length == 0 ? files : null;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or CryptographicException
                        or ArgumentException
            )
        {
            problem = e.Message.TrimEnd('.');
            return null;
        }
    }
}
