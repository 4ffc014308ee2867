using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Protocol.Tests.Certificates;

public sealed class DenyListTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public DenyListTests()
    {
        using var authority = CertificateIssuer.CreateAuthority(
            "test",
            _key,
            Now.AddDays(-1),
            Now.AddDays(400)
        );
        _certificate = CertificateIssuer.Issue(
            authority,
            new CertificateSubject("n3", CertificateRole.Node),
            _key,
            ["n3"],
            Now.AddDays(-1),
            Now.AddDays(30),
            [0x4A, 0xBC, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0F]
        );
    }

    [Theory]
    [InlineData("4abc000000000000000000000000000f", true)]
    [InlineData("4A:BC:00:00:00:00:00:00:00:00:00:00:00:00:00:0F", true)]
    [InlineData("n3", true)]
    [InlineData("N3", false)]
    [InlineData("n33", false)]
    [InlineData("4abc0000000000000000000000000010", false)]
    public void A_certificate_is_denied_by_its_serial_number_or_its_holders_name(
        string subject,
        bool denied
    )
    {
        var list = new DenyList([new Denial { Subject = DenialRules.Subject(subject) }]);
        Assert.Equal(denied, list.Of(_certificate) is not null);
    }

    [Fact]
    public void A_lifted_denial_denies_nothing()
    {
        var list = new DenyList([new Denial { Subject = "n3", Lifted = 1 }]);
        Assert.True(list.IsEmpty);
        Assert.Null(list.OfNode("n3"));
        Assert.Null(list.Of(_certificate));
    }

    [Theory]
    [InlineData("beef", "beef")]
    [InlineData("BEEF", "BEEF")]
    [InlineData("0123456789ABCDEF", "0123456789abcdef")]
    [InlineData("node-0123456789abcdef", "node-0123456789abcdef")]
    public void A_serial_number_has_one_form_and_a_name_stays(string text, string subject) =>
        Assert.Equal(subject, DenialRules.Subject(text));

    [Theory]
    [InlineData("n3", "", true)]
    [InlineData("", "", false)]
    [InlineData("a b", "", false)]
    [InlineData("n3\n", "", false)]
    public void Only_a_name_or_a_serial_number_can_be_denied(
        string subject,
        string reason,
        bool valid
    ) =>
        Assert.Equal(
            valid,
            DenialRules.Validate(new() { Subject = subject, Reason = reason }) is null
        );

    [Fact]
    public void A_reason_has_a_limit() =>
        Assert.NotNull(
            DenialRules.Validate(new() { Subject = "n3", Reason = new string('x', 501) })
        );

    [Theory]
    [InlineData(15, "")]
    [InlineData(13, "The certificate of node n3 expires on 2030-01-14 00:00 UTC; ")]
    [InlineData(-1, "The certificate of node n3 expired on 2029-12-31 00:00 UTC; ")]
    public void A_warning_begins_14_days_before_the_end(double days, string warning)
    {
        var said = CertificateExpiry.Warning("n3", Now.AddDays(days), Now);
        Assert.Equal(
            warning.Length == 0 ? "" : $"{warning}renew it with 'jobcloud ca node n3 --renew'.",
            said
        );
        Assert.Equal("", CertificateExpiry.Warning("n3", null, Now));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
