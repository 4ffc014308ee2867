using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Homes;

namespace JobCloud.Testing;

/// <summary>A CA for one test or one cloud.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _authority = CertificateIssuer.CreateAuthority(
        "test",
        ECDsa.Create(ECCurve.NamedCurves.nistP256),
        DateTimeOffset.UtcNow.AddDays(-400),
        DateTimeOffset.UtcNow.AddDays(400)
    );

    public X509Certificate2Collection Trusted => [_authority];

    /// <summary>Writes a node's TLS files to its home.</summary>
    /// <param name="until">Days of validity from now; negative: expired.</param>
    public void GiveTo(
        string home,
        CertificateRole role = CertificateRole.Node,
        double until = 30,
        string name = "n1"
    )
    {
        var paths = new HomePaths(home);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue(role, key, until, name);
        Directory.CreateDirectory(paths.Tls);
        File.WriteAllText(paths.TlsAuthority, _authority.ExportCertificatePem());
        File.WriteAllText(paths.TlsCertificate, certificate.ExportCertificatePem());
        File.WriteAllText(paths.TlsKey, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A certificate with its private key.</summary>
    public X509Certificate2 Issue(CertificateRole role, string name = "n1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue(role, key, until: 30, name);
        return certificate.CopyWithPrivateKey(key);
    }

    private X509Certificate2 Issue(CertificateRole role, ECDsa key, double until, string name) =>
        CertificateIssuer.Issue(
            _authority,
            new CertificateSubject(name, role),
            key,
            ["127.0.0.1"],
            DateTimeOffset.UtcNow.AddDays(-300),
            DateTimeOffset.UtcNow.AddDays(until),
            RandomNumberGenerator.GetBytes(CertificateIssuer.SerialBytes - 1)
        );

    public void Dispose() => _authority.Dispose();
}
