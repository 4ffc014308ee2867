using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.CertificateAuthority;

/// <summary>The directory of a certificate authority (CA): its key and the certificates that it
/// issued.</summary>
internal sealed class CaFolder(string folder, TimeProvider clock)
{
    /// <summary>Clocks differ between machines, so a certificate is valid from a little
    /// earlier.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    private readonly CertificateFiles _own = new(folder, CertificateRole.Authority);

    /// <summary>Creates the CA.</summary>
    /// <exception cref="CommandErrorException">The directory contains a CA, which is not to be
    /// replaced.</exception>
    public X509Certificate2 Create(string name, TimeSpan lifetime, bool replace)
    {
        if (_own.Exist && !replace)
            throw Refused(
                $"{folder} already contains a CA; --replace replaces it and invalidates every certificate it issued."
            );
        using var key = NewKey();
        var now = clock.GetUtcNow();
        var authority = CertificateIssuer.CreateAuthority(
            name,
            key,
            now - ClockSkew,
            now + lifetime
        );
        _own.Write(authority, key, null);
        return authority;
    }

    /// <summary>Issues a certificate with a new key. A renewed certificate keeps its
    /// addresses.</summary>
    /// <param name="files">The files to write.</param>
    /// <exception cref="CommandErrorException">The directory contains no CA, or the certificate
    /// exists and is not to be renewed.</exception>
    public X509Certificate2 Issue(
        string name,
        CertificateFiles files,
        IReadOnlyList<string> addresses,
        TimeSpan lifetime,
        bool renew
    )
    {
        if (!_own.Exist)
            throw Refused($"There is no CA in {folder}; create one with 'jobcloud ca init'.");
        if (files.Exist && !renew)
            throw Refused($"{files.Certificate} already exists; --renew replaces it.");
        using var authority = X509Certificate2.CreateFromPemFile(_own.Certificate, _own.Key);
        var now = clock.GetUtcNow();
        if (now > authority.NotAfter)
            throw Refused(
                $"The CA in {folder} has expired; create a new one with 'jobcloud ca init --replace'."
            );
        if (addresses.Count == 0)
            addresses = files.Read() is { } old
                ? CertificateFiles.AddressesOf(old)
                : [name, "localhost", "127.0.0.1", "::1"];
        using var key = NewKey();
        var certificate = CertificateIssuer.Issue(
            authority,
            new CertificateSubject(name, files.Role),
            key,
            addresses,
            Max(now - ClockSkew, authority.NotBefore),
            Min(now + lifetime, authority.NotAfter),
            NewSerial()
        );
        files.Write(certificate, key, authority.ExportCertificatePem());
        return certificate;
    }

    /// <summary>The certificate of the CA and those in its directory.</summary>
    public IEnumerable<(string Path, X509Certificate2 Certificate)> All()
    {
        if (_own.Read() is not { } authority)
            throw Refused($"There is no CA in {folder}; create one with 'jobcloud ca init'.");
        yield return (_own.Certificate, authority);
        foreach (var holder in Directory.EnumerateDirectories(folder).Order())
        foreach (var role in new[] { CertificateRole.Node, CertificateRole.Client })
        {
            var files = new CertificateFiles(holder, role);
            if (files.Read() is { } certificate)
                yield return (files.Certificate, certificate);
        }
    }

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A random, positive serial number.</summary>
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(CertificateIssuer.SerialBytes);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        return serial;
    }

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) =>
        one > other ? one : other;

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) =>
        one < other ? one : other;

    private static CommandErrorException Refused(string message) =>
        new(new CommandError(ErrorKinds.Refused, message));
}
