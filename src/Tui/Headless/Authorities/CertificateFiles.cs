using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Tui.Headless.Authorities;

/// <summary>The folder that one holder of a certificate is given: <c>ca.pem</c>, and its own
/// <c>node.pem</c> or <c>client.pem</c> with the key beside it.</summary>
internal sealed record CertificateFiles(string Folder, CertificateRole Role)
{
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Private = Secret | UnixFileMode.UserExecute;

    public string Authority => $"{Folder}/ca.pem";
    public string Certificate => $"{Folder}/{Word}.pem";
    public string Key => $"{Folder}/{Word}.key";

    private string Word =>
        Role == CertificateRole.Authority ? "ca" : Role.ToString().ToLowerInvariant();

    public bool Exist => File.Exists(Certificate) || File.Exists(Key);

    /// <summary>The certificate without its key; null: there is none.</summary>
    public X509Certificate2? Read() =>
        File.Exists(Certificate)
            ? X509Certificate2.CreateFromPem(File.ReadAllText(Certificate))
            : null;

    /// <summary>The key first: nobody finds a certificate without it.</summary>
    public void Write(X509Certificate2 certificate, ECDsa key, string? authority)
    {
        Directory.CreateDirectory(Folder, Private);
        Put(Key, key.ExportPkcs8PrivateKeyPem());
        if (authority is not null)
            Put(Authority, authority);
        Put(Certificate, certificate.ExportCertificatePem());
    }

    /// <summary>What a node is reached by, as its certificate says.</summary>
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

    /// <summary>A whole file takes the place of the old one: nobody ever reads half of
    /// it.</summary>
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
