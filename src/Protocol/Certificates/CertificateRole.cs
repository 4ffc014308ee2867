namespace JobCloud.Protocol.Certificates;

/// <summary>What a certificate lets its holder be; it stands in the subject, which the CA has
/// signed.</summary>
public enum CertificateRole
{
    None,
    Authority,

    /// <summary>A member that holds job state and runs jobs, and a server.</summary>
    Node,

    /// <summary>A member that only asks.</summary>
    Client,
}
