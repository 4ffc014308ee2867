using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Tls;

public sealed class TlsFilesTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly TestHome _home = new();
    private readonly TestAuthority _authority = new();
    private readonly HomePaths _paths;

    public TlsFilesTests() => _paths = new HomePaths(_home.Path);

    public void Dispose()
    {
        _home.Dispose();
        _authority.Dispose();
    }

    private TlsPaths Paths => TlsPaths.In(_paths);

    [Fact]
    public void A_single_node_issues_its_certificate_at_its_first_start_only()
    {
        var first = SingleNode(Now).Own.Thumbprint;
        Assert.Equal(first, SingleNode(Now.AddYears(9)).Own.Thumbprint);
    }

    [Fact]
    public void Only_the_nodes_user_can_read_the_certificates()
    {
        SingleNode(Now);
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.All(Paths.All, path => Assert.Equal(Private, File.GetUnixFileMode(path)));
        Assert.Equal(3, Directory.GetFiles(_paths.Tls).Length);
    }

    [Fact]
    public void A_single_node_renews_its_certificate_before_it_expires()
    {
        var first = SingleNode(Now).Own;
        var renewed = SingleNode(new DateTimeOffset(first.NotAfter).AddDays(-1)).Own;
        Assert.True(renewed.NotAfter > first.NotAfter.AddYears(9));
    }

    [Fact]
    public void A_start_completes_an_interrupted_issue()
    {
        SingleNode(Now);
        File.Delete(_paths.TlsCertificate);
        SingleNode(Now);
    }

    [Fact]
    public void Nodes_do_not_trust_the_self_issued_certificates_of_other_homes()
    {
        using var other = new TestHome();
        var paths = new HomePaths(other.Path);
        var theirs = TlsFiles.OfSingleNode(TlsPaths.In(paths), paths, "n1", Now);
        Assert.Null(
            CertificateCheck.Identify(theirs.Own, SingleNode(Now).Authorities, Now, out var problem)
        );
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_certificate_of_another_CA_is_used_as_it_is()
    {
        _authority.GiveTo(_home.Path);
        Assert.Equal(_authority.Trusted[0].Thumbprint, SingleNode(Now).Authorities[0].Thumbprint);
    }

    [Fact]
    public void A_cluster_node_requires_certificates_that_other_nodes_trust()
    {
        Assert.Contains("'jobcloud ca node' creates all three", Refused());
        SingleNode(Now);
        Assert.Contains("no other node trusts them", Refused());
        _authority.GiveTo(_home.Path);
        TlsFiles.OfClusterNode(Paths, "n1", Now);
    }

    [Theory]
    [InlineData(CertificateRole.Client, 30, "is not a node certificate")]
    [InlineData(CertificateRole.Node, -1, "renew it with 'jobcloud ca node n1 --renew'.")]
    public void A_certificate_that_other_nodes_would_reject_is_refused(
        CertificateRole role,
        double until,
        string why
    )
    {
        _authority.GiveTo(_home.Path, role, until);
        Assert.Contains(why, Refused());
    }

    [Fact]
    public void A_cluster_node_has_the_name_in_its_certificate()
    {
        _authority.GiveTo(_home.Path, name: "n2");
        var told = Refused();
        Assert.Contains("is the certificate of node n2, and this is node n1", told);
        Assert.Contains("'jobcloud ca node n1' creates its own", told);
    }

    private TlsFiles SingleNode(DateTimeOffset now) =>
        TlsFiles.OfSingleNode(Paths, _paths, "n1", now);

    private string Refused() =>
        Assert.Throws<CannotStartException>(() => TlsFiles.OfClusterNode(Paths, "n1", Now)).Message;
}
