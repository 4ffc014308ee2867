using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>The certificates of a node with an embedded store. No other node joins it, so it issues
/// its own: from a CA whose key is discarded at once, so that no other certificate can be
/// issued.</summary>
internal static class HomeCertificates
{
    private const string AuthorityName = "single-node";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    // The machine's clock may be set back a little.
    private static readonly TimeSpan ValidBefore = TimeSpan.FromMinutes(10);

    /// <summary>Issues the files if none of them exists, and again before their certificate
    /// expires. Leaves files of any other CA alone.</summary>
    public static void Ensure(TlsPaths paths, string node, DateTimeOffset now)
    {
        if (!paths.All.Any(File.Exists) || IsOwn(paths) && ExpiresSoon(paths, now))
            Issue(paths, node, now);
    }

    /// <summary>Whether a node issued these certificates to itself, so that no other node trusts
    /// them.</summary>
    public static bool IsOwn(X509Certificate2 authority) =>
        CertificateSubject.Of(authority)
            is { Role: CertificateRole.Authority, Name: AuthorityName };

    private static bool IsOwn(TlsPaths paths)
    {
        using var authority = Read(paths.Authority);
        return authority is not null && IsOwn(authority);
    }

    private static bool ExpiresSoon(TlsPaths paths, DateTimeOffset now)
    {
        using var certificate = Read(paths.Certificate);
        return certificate is null || certificate.NotAfter - RenewBefore < now;
    }

    private static X509Certificate2? Read(string path)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (Exception e) when (e is IOException or CryptographicException)
        {
            return null;
        }
    }

    private static void Issue(TlsPaths paths, string node, DateTimeOffset now)
    {
        using var authorityKey = NewKey();
        using var key = NewKey();
        var (from, until) = (now - ValidBefore, now + Lifetime);
        using var authority = CertificateIssuer.CreateAuthority(
            AuthorityName,
            authorityKey,
            from,
            until
        );
        using var certificate = CertificateIssuer.Issue(
            authority,
            new CertificateSubject(node, CertificateRole.Node),
            key,
            ["localhost", "127.0.0.1", "::1"],
            from,
            until,
            RandomNumberGenerator.GetBytes(CertificateIssuer.SerialBytes - 1)
        );
        // The next start issues all files again if it finds the CA but no certificate.
        File.Delete(paths.Certificate);
        Write(paths.Authority, authority.ExportCertificatePem());
        Write(paths.Key, key.ExportPkcs8PrivateKeyPem());
        Write(paths.Certificate, certificate.ExportCertificatePem());
    }

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static void Write(string path, string text)
    {
        var next = $"{path}.new";
        File.Delete(next);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = Private,
        };
        using (var writer = new StreamWriter(next, options))
            writer.WriteLine(text);
        File.Move(next, path, overwrite: true);
    }
}
