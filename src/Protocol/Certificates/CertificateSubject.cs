using System.Security.Cryptography.X509Certificates;

namespace JobCloud.Protocol.Certificates;

/// <summary>The subject of a certificate: <c>CN=NAME, OU=ROLE, O=JobCloud</c>.</summary>
public sealed record CertificateSubject(string Name, CertificateRole Role)
{
    private const string Organization = "JobCloud";
    private const string CommonNameOid = "2.5.4.3";
    private const string OrganizationOid = "2.5.4.10";
    private const string UnitOid = "2.5.4.11";
    private const int NameMax = 63;

    public static bool IsName(string text) =>
        text.Length is > 0 and <= NameMax
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    public X500DistinguishedName ToDistinguishedName()
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(Name);
        builder.AddOrganizationalUnitName(Role.ToString().ToLowerInvariant());
        builder.AddOrganizationName(Organization);
        return builder.Build();
    }

    /// <summary>The subject of a certificate; role none: it is not a JobCloud
    /// certificate.</summary>
    public static CertificateSubject Of(X509Certificate2 certificate)
    {
        var name = "";
        var role = CertificateRole.None;
        var isOurs = false;
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements)
                continue;
            var value = part.GetSingleElementValue() ?? "";
            switch (part.GetSingleElementType().Value)
            {
                case CommonNameOid:
                    name = value;
                    break;
                case UnitOid:
                    role = RoleOf(value);
                    break;
                case OrganizationOid:
                    isOurs = value == Organization;
                    break;
            }
        }
        return new CertificateSubject(name, isOurs ? role : CertificateRole.None);
    }

    private static CertificateRole RoleOf(string unit) =>
        unit switch
        {
            "authority" => CertificateRole.Authority,
            "node" => CertificateRole.Node,
            "client" => CertificateRole.Client,
            _ => CertificateRole.None,
        };
}
