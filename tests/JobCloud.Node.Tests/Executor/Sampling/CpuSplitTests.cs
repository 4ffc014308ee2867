using FsCheck;
using FsCheck.Xunit;
using JobCloud.Node.Executor.Sampling;

namespace JobCloud.Node.Tests.Executor.Sampling;

public sealed class CpuSplitTests
{
    [Property]
    public void The_parts_are_never_negative_and_add_up_to_the_total(
        NonNegativeInt total,
        NonNegativeInt user,
        NonNegativeInt system
    )
    {
        var (u, s) = CpuSplit.Of(total.Get, user.Get, system.Get);

        Assert.True(u >= 0 && s >= 0);
        Assert.Equal(total.Get, u + s);
    }

    [Theory]
    [InlineData(1000, 30, 10, 750, 250)]
    [InlineData(1000, 0, 0, 1000, 0)]
    [InlineData(1000, 0, 10, 0, 1000)]
    public void The_total_is_split_in_the_ratio_of_the_known_parts(
        long total,
        long u,
        long s,
        long user,
        long system
    ) => Assert.Equal((user, system), CpuSplit.Of(total, u, s));
}
