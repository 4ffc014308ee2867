using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class PurgeCommandTests : CommandTest
{
    [Fact]
    public async Task A_purge_repeats_until_no_job_is_left_and_prints_the_number()
    {
        var asked = new List<PurgeRequest>();
        Cloud.Purge = request =>
        {
            asked.Add(request.Clone());
            return new PurgeReply { Purged = 60, Next = request.Before == 0 ? 1000 : 0 };
        };
        Assert.Equal("Purged 120 jobs.\n", (await RunAsync("purge", "label~night")).Error);
        Assert.Equal(["label~night", "label~night"], asked.Select(request => request.Query));
        Assert.Equal([0L, 1000], asked.Select(request => request.Before));
        Assert.All(asked, request => Assert.False(request.DryRun));
    }

    [Fact]
    public async Task A_dry_run_only_counts()
    {
        Cloud.Purge = request => new PurgeReply { Purged = request.DryRun ? 7 : 0 };
        Assert.Equal(
            "7 jobs would be purged.\n",
            (await RunAsync("purge", "--older-than", "30d", "--dry-run")).Error
        );
    }

    [Fact]
    public async Task A_purge_requires_a_query_or_an_age() =>
        Assert.Equal(2, (await RunAsync("purge")).Code);
}
