using JobCloud.Node.Daemon.Logs;

namespace JobCloud.Node.Tests.Logs;

public sealed class BabbleTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void So_many_lines_are_written_in_a_span_and_the_rest_is_counted()
    {
        var babble = new Babble(2, TimeSpan.FromMinutes(1));

        Assert.Equal(
            [true, true, false, false, false],
            Enumerable.Range(0, 5).Select(second => Admits(babble, second).Written)
        );
        Assert.Equal((true, 3), Admits(babble, 60));
        Assert.Equal((true, 0), Admits(babble, 61));
        Assert.False(Admits(babble, 62).Written);
        Assert.Equal((true, 1), Admits(babble, 500));
    }

    private static (bool Written, int Untold) Admits(Babble babble, int second) =>
        (babble.Admits(Start.AddSeconds(second), out var untold), untold);
}
