using JobCloud.Benchmarks.History;

namespace JobCloud.Node.Tests.Hosting;

/// <summary>A tiny run of the benchmark that simulates years.</summary>
public sealed class YearsTests
{
    [Fact]
    public async Task Simulated_days_end_with_their_jobs_deleted_or_purged()
    {
        const int Jobs = 3_000;
        var output = new StringWriter();
        var options = new YearsOptions(Days: 4, Jobs, Window: 1, Every: 2, EraseSeconds: 1);
        var rows = await new Years(options, output).RunAsync();
        Assert.Equal([2, 4], rows.Select(row => row.Day));
        Assert.All(rows, row => Assert.True(row.ResidentMiB > 0 && row.ListMilliseconds > 0));
    }
}
