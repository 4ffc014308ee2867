using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Tui.Headless.CertificateAuthority;

/// <summary>The files of one certificate holder: <c>ca.pem</c>, and <c>node.pem</c> or
/// <c>client.pem</c> with its key.</summary>
internal sealed record CertificateFiles(string Folder, CertificateRole Role)
{
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Private = Secret | UnixFileMode.UserExecute;

    public string Authority => $"{Folder}/ca.pem";
    public string Certificate => $"{Folder}/{BaseName}.pem";
    public string Key => $"{Folder}/{BaseName}.key";

    private string BaseName =>
        Role == CertificateRole.Authority ? "ca" : Role.ToString().ToLowerInvariant();

    public bool Exist => File.Exists(Certificate) || File.Exists(Key);

    /// <summary>The certificate without its key; null if it does not exist.</summary>
    public X509Certificate2? Read() =>
        File.Exists(Certificate)
            ? X509Certificate2.CreateFromPem(File.ReadAllText(Certificate))
            : null;

    /// <summary>Writes the key first, so that a certificate never exists without its key.</summary>
    public void Write(X509Certificate2 certificate, ECDsa key, string? authority)
    {
        Directory.CreateDirectory(Folder, Private);
        Put(Key, key.ExportPkcs8PrivateKeyPem());
        if (authority is not null)
            Put(Authority, authority);
        Put(Certificate, certificate.ExportCertificatePem());
    }

    /// <summary>The DNS names and IP addresses in a certificate.</summary>
    public static IReadOnlyList<string> AddressesOf(X509Certificate2 certificate)
    {
        var addresses = new List<string>();
        foreach (var extension in certificate.Extensions)
            if (extension is X509SubjectAlternativeNameExtension names)
            {
                addresses.AddRange(names.EnumerateDnsNames());
                foreach (IPAddress address in names.EnumerateIPAddresses())
                    addresses.Add(address.ToString());
            }
        return addresses;
    }

    /// <summary>Replaces a file atomically, so that readers never see a partial file.</summary>
    private static void Put(string path, string text)
    {
        var next = $"{path}.new";
        File.Delete(next);
        using (
            var file = new FileStream(
                next,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = Secret,
                }
            )
        )
        using (var writer = new StreamWriter(file))
            writer.WriteLine(text);
        File.Move(next, path, overwrite: true);
    }
}
