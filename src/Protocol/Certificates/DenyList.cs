using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Certificates;

/// <summary>The certificates and nodes that are kept out of the cloud: those whose serial number or
/// name an admin denied.</summary>
public sealed class DenyList
{
    private readonly Dictionary<string, Denial> _inForce = [];

    /// <param name="all">Lifted denials too.</param>
    public DenyList(IEnumerable<Denial> all)
    {
        foreach (var one in all)
            if (one.Lifted == 0)
                _inForce[one.Subject] = one;
    }

    public static DenyList Empty { get; } = new([]);

    public bool IsEmpty => _inForce.Count == 0;

    /// <summary>The denial of a certificate, by its serial number or its holder's name; null: there
    /// is none.</summary>
    public Denial? Of(X509Certificate2 certificate) =>
        IsEmpty
            ? null
            : _inForce.GetValueOrDefault(DenialRules.SerialOf(certificate))
                ?? OfNode(CertificateSubject.Of(certificate).Name);

    /// <summary>The denial of a node; null: there is none.</summary>
    public Denial? OfNode(string name) => _inForce.GetValueOrDefault(name);
}
