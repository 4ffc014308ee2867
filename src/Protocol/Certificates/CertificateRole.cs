namespace JobCloud.Protocol.Certificates;

/// <summary>The role of a certificate's holder, part of the signed subject.</summary>
public enum CertificateRole
{
    None,
    Authority,

    /// <summary>A member that holds job state and runs jobs, and a server.</summary>
    Node,

    /// <summary>A member that only sends requests.</summary>
    Client,
}
