using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Authorities;

/// <summary>A CA with its secret key, and what it has issued.</summary>
internal sealed class CaFolder(string folder, TimeProvider clock)
{
    /// <summary>Clocks of machines differ: a certificate is good from a little earlier
    /// on.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(10);

    private readonly CertificateFiles _own = new(folder, CertificateRole.Authority);

    /// <summary>Makes the CA.</summary>
    /// <exception cref="TroubleException">There is one, and it is not to be replaced.</exception>
    public X509Certificate2 Create(string name, TimeSpan lifetime, bool replace)
    {
        if (_own.Exist && !replace)
            throw Refused(
                $"There is a CA in {folder} already; with --replace, a new one takes its place, and what the old one issued is worthless."
            );
        using var key = NewKey();
        var now = clock.GetUtcNow();
        var authority = Issuing.Authority(name, key, now - ClockDifference, now + lifetime);
        _own.Write(authority, key, null);
        return authority;
    }

    /// <summary>Issues a certificate with a new key; one to be renewed keeps its
    /// addresses.</summary>
    /// <param name="files">Where it goes.</param>
    /// <exception cref="TroubleException">There is no CA, or a certificate that is not to be
    /// renewed.</exception>
    public X509Certificate2 Issue(
        string name,
        CertificateFiles files,
        IReadOnlyList<string> addresses,
        TimeSpan lifetime,
        bool renew
    )
    {
        if (!_own.Exist)
            throw Refused($"There is no CA in {folder}; make one with 'jobcloud ca init'.");
        if (files.Exist && !renew)
            throw Refused($"{files.Certificate} is there already; --renew puts a new one there.");
        using var authority = X509Certificate2.CreateFromPemFile(_own.Certificate, _own.Key);
        var now = clock.GetUtcNow();
        if (now > authority.NotAfter)
            throw Refused(
                $"The CA in {folder} has expired; make a new one with 'jobcloud ca init --replace'."
            );
        if (addresses.Count == 0)
            addresses = files.Read() is { } old
                ? CertificateFiles.AddressesOf(old)
                : [name, "localhost", "127.0.0.1", "::1"];
        using var key = NewKey();
        var certificate = Issuing.Issue(
            authority,
            new CertificateSubject(name, files.Role),
            key,
            addresses,
            Later(now - ClockDifference, authority.NotBefore),
            Sooner(now + lifetime, authority.NotAfter),
            NewSerial()
        );
        files.Write(certificate, key, authority.ExportCertificatePem());
        return certificate;
    }

    /// <summary>The CA's own certificate, and those that lie in its folder.</summary>
    public IEnumerable<(string Path, X509Certificate2 Certificate)> All()
    {
        if (_own.Read() is not { } authority)
            throw Refused($"There is no CA in {folder}; make one with 'jobcloud ca init'.");
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

    /// <summary>Positive, and never the same twice.</summary>
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(Issuing.SerialBytes);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        return serial;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) =>
        one > other ? one : other;

    private static DateTimeOffset Sooner(DateTimeOffset one, DateTimeOffset other) =>
        one < other ? one : other;

    private static TroubleException Refused(string message) =>
        new(new Trouble(ExitCodes.Refused, "refused", message));
}
