using JobCloud.Protocol.Execution;

namespace JobCloud.Protocol.Tests.Execution;

public class DiskReserveTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(256, 1_000_000, 256)]
    // A small disk keeps most of its space for jobs.
    [InlineData(256, 1_000, 50)]
    [InlineData(0, 1_000_000, 0)]
    [InlineData(-1, 1_000_000, 0)]
    public void A_reserve_is_at_most_a_twentieth_of_the_disk(long setting, long disk, long expected)
    {
        var reserve = DiskReserve.Of(setting * MiB, disk * MiB);
        Assert.Equal(expected * MiB, reserve.Bytes);
    }

    [Fact]
    public void A_disk_is_low_below_its_reserve()
    {
        var reserve = new DiskReserve(100);
        Assert.True(reserve.IsLow(99));
        Assert.False(reserve.IsLow(100));
        Assert.False(new DiskReserve(0).IsLow(0));
    }

    [Fact]
    public void A_disk_is_looked_at_more_often_the_less_is_free()
    {
        var reserve = new DiskReserve(100);
        Assert.Equal(
            [50, 50, 250, 1_000],
            new long[] { 0, 199, 200, 800 }.Select(reserve.NextLookMs)
        );
    }
}
