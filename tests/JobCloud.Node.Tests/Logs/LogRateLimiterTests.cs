using JobCloud.Node.Daemon.Logs;

namespace JobCloud.Node.Tests.Logs;

public sealed class LogRateLimiterTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Lines_above_the_limit_are_dropped_and_counted()
    {
        var limiter = new LogRateLimiter(2, TimeSpan.FromMinutes(1));

        Assert.Equal(
            [true, true, false, false, false],
            Enumerable.Range(0, 5).Select(second => Admits(limiter, second).Written)
        );
        Assert.Equal((true, 3), Admits(limiter, 60));
        Assert.Equal((true, 0), Admits(limiter, 61));
        Assert.False(Admits(limiter, 62).Written);
        Assert.Equal((true, 1), Admits(limiter, 500));
    }

    private static (bool Written, int Omitted) Admits(LogRateLimiter limiter, int second) =>
        (limiter.Admits(Start.AddSeconds(second), out var omitted), omitted);
}
