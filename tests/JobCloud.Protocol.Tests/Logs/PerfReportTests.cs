using JobCloud.Protocol.Logs;

namespace JobCloud.Protocol.Tests.Logs;

public sealed class PerfReportTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("# To display the perf.data header info\n#\n\n# Total Lost Samples: 0\n", false)]
    [InlineData("# Samples: 3\n#\n    50.00%  true  libc.so.6\n", true)]
    public void The_header_of_perf_alone_is_not_a_profile(string report, bool has) =>
        Assert.Equal(has, PerfReport.HasSamples(report.Split('\n')));
}
