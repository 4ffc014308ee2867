using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Protocol.Tests.Certificates;

public sealed class CertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _ours;
    private readonly X509Certificate2 _foreign;

    public CertificateTests() => (_ours, _foreign) = (NewAuthority(), NewAuthority());

    [Theory]
    [InlineData(CertificateRole.Node)]
    [InlineData(CertificateRole.Client)]
    public void A_valid_certificate_identifies_its_subject(CertificateRole role)
    {
        var subject = Identify(Issue(_ours, role), Now, out var problem);
        Assert.Equal("", problem);
        Assert.Equal(new CertificateSubject("n1", role), subject);
    }

    [Fact]
    public void A_certificate_of_a_foreign_CA_is_refused_even_with_the_same_name()
    {
        Assert.Null(Identify(Issue(_foreign, CertificateRole.Node), Now, out var problem));
        Assert.Contains("not issued by this cloud's CA", problem);
    }

    [Fact]
    public void An_expired_or_not_yet_valid_certificate_is_refused()
    {
        var certificate = Issue(_ours, CertificateRole.Node);
        Assert.Null(Identify(certificate, Now.AddDays(31), out var late));
        Assert.Contains("expired on 2030-01-31 00:00 UTC", late);
        Assert.Null(Identify(certificate, Now.AddDays(-2), out var early));
        Assert.Contains("not valid before", early);
    }

    [Fact]
    public void The_CA_certificate_and_no_certificate_are_refused()
    {
        Assert.Null(Identify(_ours, Now, out var problem));
        Assert.Contains("neither a node nor a client certificate", problem);
        Assert.Null(Identify(null, Now, out var missing));
        Assert.Contains("no certificate", missing);
    }

    [Fact]
    public void A_client_certificate_cannot_issue_others()
    {
        var client = Issue(_ours, CertificateRole.Client);
        var subject = new CertificateSubject("n2", CertificateRole.Node);
        using var forged = new CertificateRequest(
            subject.ToDistinguishedName(),
            _key,
            HashAlgorithmName.SHA256
        ).Create(
            client.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key),
            Now.AddDays(-1),
            Now.AddDays(1),
            [4]
        );
        Assert.Null(Identify(forged, Now, out var problem));
        Assert.Contains("not issued by this cloud's CA", problem);
    }

    [Fact]
    public void Only_a_node_certificate_is_valid_for_a_server()
    {
        var node = Issue(_ours, CertificateRole.Node);
        Assert.True(node.MatchesHostname("n1.example.org"));
        Assert.True(node.MatchesHostname("10.0.0.1"));
        Assert.False(node.MatchesHostname("n2.example.org"));
        const string Server = "1.3.6.1.5.5.7.3.1";
        Assert.Contains(Server, UsesOf(node));
        Assert.DoesNotContain(Server, UsesOf(Issue(_ours, CertificateRole.Client)));
    }

    [Fact]
    public void A_subject_of_another_organization_has_no_role()
    {
        var request = new CertificateRequest("CN=n1, OU=node", _key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(Now, Now.AddDays(1));
        Assert.Equal(CertificateRole.None, CertificateSubject.Of(certificate).Role);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _foreign.Dispose();
        _key.Dispose();
    }

    private static X509Certificate2 NewAuthority() =>
        CertificateIssuer.CreateAuthority(
            "cloud",
            ECDsa.Create(ECCurve.NamedCurves.nistP256),
            Now.AddDays(-1),
            Now.AddDays(365)
        );

    private X509Certificate2 Issue(X509Certificate2 authority, CertificateRole role) =>
        CertificateIssuer.Issue(
            authority,
            new CertificateSubject("n1", role),
            _key,
            ["n1.example.org", "10.0.0.1"],
            Now.AddDays(-1),
            Now.AddDays(30),
            [1, 2, 3]
        );

    private CertificateSubject? Identify(
        X509Certificate2? certificate,
        DateTimeOffset at,
        out string problem
    ) => CertificateCheck.Identify(certificate, [_ours], at, out problem);

    private static IEnumerable<string?> UsesOf(X509Certificate2 certificate) =>
        certificate
            .Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .SelectMany(uses => uses.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value));
}
