using JobCloud.Node.Daemon.Logs;

namespace JobCloud.Node.Tests.Logs;

public sealed class LineLoggerTests
{
    [Theory]
    [InlineData("TcpTransport (akka://jobcloud)", "TcpTransport")]
    [InlineData("TcpServerHandler (akka://jobcloud)", "TcpServerHandler")]
    [InlineData("Cluster (akka://jobcloud)", "Cluster")]
    [InlineData("[akka://jobcloud/system/endpointManager/reliableEndpointWriter-1]", "remoting")]
    [InlineData("akka://jobcloud/system/transports/akkaprotocolmanager.tcp.0", "remoting")]
    [InlineData("", "remoting")]
    [InlineData("akka://jobcloud/user/agent", null)]
    [InlineData("akka://jobcloud/system/cluster/core/daemon", null)]
    public void Lines_that_strangers_can_cause_are_limited_by_their_source(
        string source,
        string? limitedAs
    ) => Assert.Equal(limitedAs, LineLogger.LimitedAs(source));

    [Fact]
    public void A_limited_line_is_short_and_visible_and_each_source_has_its_own_limit()
    {
        var written = new StringWriter();
        var log = new NodeLog(written, LogLevel.Info, TimeProvider.System, 2);
        for (var i = 0; i < 5; i++)
        {
            log.WriteRateLimited(
                LogLevel.Warning,
                "TcpTransport",
                $"bad\e[2J {i}\nat Some.Method()"
            );
            log.WriteRateLimited(LogLevel.Warning, "remoting", $"worse {i}");
        }
        var lines = written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.EndsWith("TcpTransport: bad\uFFFD[2J 0", lines[0]);
        Assert.EndsWith("remoting: worse 1", lines[3]);
    }
}
