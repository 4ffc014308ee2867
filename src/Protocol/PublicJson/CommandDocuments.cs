namespace JobCloud.Protocol.PublicJson;

// Documents of commands that concern the machine of the user.

/// <summary>A new certificate, or CA.</summary>
/// <param name="Path">The directory with its files.</param>
/// <param name="Name">Its holder.</param>
/// <param name="Until">When it expires.</param>
public sealed record CertificateDocument(
    string Path,
    string Name,
    [property: Form(JsonForm.Instant)] string Until
) : PublicDocument;

/// <summary>The certificates in the directory of a CA.</summary>
public sealed record CertificatesDocument(IEnumerable<PublicCertificate> Certificates)
    : PublicDocument;

/// <summary>A certificate.</summary>
/// <param name="Name">Its holder.</param>
/// <param name="Role">What the holder may be.</param>
/// <param name="Addresses">The addresses of the holder.</param>
/// <param name="From">When it becomes valid.</param>
/// <param name="Until">When it expires.</param>
/// <param name="Serial">Its serial number.</param>
/// <param name="Path">Its file.</param>
public sealed record PublicCertificate(
    string Name,
    string Role,
    IReadOnlyList<string> Addresses,
    [property: Form(JsonForm.Instant)] string From,
    [property: Form(JsonForm.Instant)] string Until,
    string Serial,
    string Path
);

/// <summary>How OpenSSH opens a job.</summary>
/// <param name="Jid">The jid of the job.</param>
/// <param name="Host">The name of the host.</param>
/// <param name="Username">The name of the user.</param>
/// <param name="Identity">The file with the private key.</param>
/// <param name="Config">The file with the configuration.</param>
public sealed record SshInfoDocument(
    long Jid,
    string Host,
    string Username,
    string Identity,
    string Config
) : PublicDocument;

/// <summary>A configuration of OpenSSH.</summary>
/// <param name="Config">Its text.</param>
public sealed record SshConfigDocument(string Config) : PublicDocument;

/// <summary>Files that were fetched from a job.</summary>
/// <param name="Jid">The jid of the job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Fetched">The number of files that were written.</param>
/// <param name="Skipped">The number of entries that were not.</param>
public sealed record FetchedDocument(long Jid, int Attempt, int Fetched, int Skipped)
    : PublicDocument;

/// <summary>Files with results.</summary>
/// <param name="Files">The file of each jid.</param>
public sealed record ResultFilesDocument(IReadOnlyDictionary<string, string> Files)
    : PublicDocument;
