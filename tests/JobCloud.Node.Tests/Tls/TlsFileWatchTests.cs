using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Tls;

public sealed class TlsFileWatchTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly TestHome _home = new();
    private readonly TestAuthority _authority = new();
    private readonly TlsPaths _paths;
    private readonly NodeTls _tls;
    private readonly TlsFileWatch _watch;

    public TlsFileWatchTests()
    {
        _authority.GiveTo(_home.Path, until: 60);
        _paths = TlsPaths.In(new HomePaths(_home.Path));
        _tls = new NodeTls(
            TlsFiles.OfClusterNode(_paths, "n1", Now),
            clients: false,
            bindsNames: true,
            _home.NodeLog,
            TimeProvider.System
        );
        _watch = new TlsFileWatch(
            _paths,
            "n1",
            now => TlsFiles.OfClusterNode(_paths, "n1", now),
            _tls,
            _home.NodeLog
        );
        _watch.Check(Now);
    }

    [Fact]
    public void Renewed_files_are_used_without_a_restart()
    {
        var before = _tls.Files;
        _watch.Check(Now);
        Assert.Same(before, _tls.Files);
        _authority.GiveTo(_home.Path, until: 90);
        _watch.Check(Now);
        Assert.NotEqual(before.Own.Thumbprint, _tls.Files.Own.Thumbprint);
        Assert.Equal("", Log);
    }

    [Fact]
    public void A_half_written_or_wrong_pair_keeps_the_earlier_certificate_with_one_line()
    {
        var (before, key) = (_tls.Files, File.ReadAllText(_paths.Key));
        _authority.GiveTo(_home.Path, until: 90);
        var whole = File.ReadAllText(_paths.Certificate);
        foreach (
            var (certificate, ofKey) in new[]
            {
                (whole[..(whole.Length / 2)], File.ReadAllText(_paths.Key)),
                (whole, key),
                ("", key),
            }
        )
        {
            _home.Log.GetStringBuilder().Clear();
            var good = File.ReadAllText(_paths.Key);
            File.WriteAllText(_paths.Certificate, certificate);
            File.WriteAllText(_paths.Key, ofKey);
            for (var i = 0; i < 3; i++)
                _watch.Check(Now);
            Assert.Same(before, _tls.Files);
            Assert.Single(Log.Split('\n'), line => line.Contains("keeps its earlier certificate"));
            File.WriteAllText(_paths.Key, good);
        }
        _authority.GiveTo(_home.Path, until: 90);
        _watch.Check(Now);
        Assert.NotSame(before, _tls.Files);
    }

    [Fact]
    public void The_log_warns_daily_from_14_days_before_the_certificate_expires()
    {
        var end = _tls.Until;
        _watch.Check(end.AddDays(-14.1));
        Assert.Equal("", Log);
        _watch.Check(end.AddDays(-13.9));
        _watch.Check(end.AddDays(-13.8));
        Assert.Single(
            Log.Split('\n'),
            line =>
                line.Contains("The certificate of node n1 expires on")
                && line.Contains("renew it with 'jobcloud ca node n1 --renew'.")
        );
        _watch.Check(end.AddDays(-12));
        Assert.Equal(2, Log.Split("expires on").Length - 1);
    }

    [Fact]
    public void A_running_single_node_renews_its_own_certificate()
    {
        using var home = new TestHome();
        var paths = new HomePaths(home.Path);
        var own = TlsPaths.In(paths);
        var tls = new NodeTls(
            TlsFiles.OfSingleNode(own, paths, "n1", Now),
            clients: false,
            bindsNames: true,
            home.NodeLog,
            TimeProvider.System
        );
        var watch = new TlsFileWatch(
            own,
            "n1",
            now => TlsFiles.OfSingleNode(own, paths, "n1", now),
            tls,
            home.NodeLog
        );
        var first = tls.Until;
        watch.Check(first.AddDays(-31));
        Assert.Equal(first, tls.Until);
        watch.Check(first.AddDays(-29));
        Assert.True(tls.Until > first.AddYears(9));
    }

    public void Dispose()
    {
        _home.Dispose();
        _authority.Dispose();
    }

    private string Log => _home.Log.ToString();
}
