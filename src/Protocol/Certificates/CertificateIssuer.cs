using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace JobCloud.Protocol.Certificates;

/// <summary>Issues the certificates of a cloud: ECDSA on P-256, signed by the cloud's CA. The
/// caller provides keys, serial numbers and instants.</summary>
public static class CertificateIssuer
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Bytes of a serial number: 20 at most (RFC 5280, 4.1.2.2).</summary>
    public const int SerialBytes = 16;

    /// <summary>Creates a self-signed CA certificate with its key.</summary>
    public static X509Certificate2 CreateAuthority(
        string name,
        ECDsa key,
        DateTimeOffset from,
        DateTimeOffset until
    )
    {
        var request = RequestFor(new(name, CertificateRole.Authority), key);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: true,
                hasPathLengthConstraint: true,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(
                X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
                critical: true
            )
        );
        return request.CreateSelfSigned(from, until);
    }

    /// <summary>Issues a certificate without its key.</summary>
    /// <param name="authority">With its key.</param>
    /// <param name="key">The key of the new certificate.</param>
    /// <param name="addresses">Host names and IP addresses of a node.</param>
    public static X509Certificate2 Issue(
        X509Certificate2 authority,
        CertificateSubject subject,
        ECDsa key,
        IEnumerable<string> addresses,
        DateTimeOffset from,
        DateTimeOffset until,
        byte[] serial
    )
    {
        var request = RequestFor(subject, key);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(false, false, 0, critical: true)
        );
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension(UsesOf(subject.Role), critical: false)
        );
        if (subject.Role == CertificateRole.Node)
            request.CertificateExtensions.Add(Names(addresses));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false)
        );
        return request.Create(authority, from, until, serial);
    }

    private static CertificateRequest RequestFor(CertificateSubject subject, ECDsa key)
    {
        var request = new CertificateRequest(
            subject.ToDistinguishedName(),
            key,
            HashAlgorithmName.SHA256
        );
        request.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false)
        );
        return request;
    }

    private static OidCollection UsesOf(CertificateRole role)
    {
        var uses = new OidCollection { new Oid(ClientUse) };
        if (role == CertificateRole.Node)
            uses.Add(new Oid(ServerUse));
        return uses;
    }

    private static X509Extension Names(IEnumerable<string> addresses)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var address in addresses)
            if (IPAddress.TryParse(address, out var ip))
                names.AddIpAddress(ip);
            else
                names.AddDnsName(address);
        return names.Build();
    }
}
