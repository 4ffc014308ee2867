using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class CompletionTests
{
    private static readonly string[] Words = ["status", "stalled", "started", "node"];

    [Theory]
    [InlineData("jobs no", "jobs node")]
    [InlineData("jobs st", "jobs sta")]
    [InlineData("jobs not status=stal", "jobs not status=stalled")]
    [InlineData("jobs x", "jobs x")]
    public void Tab_adds_the_common_prefix_of_the_candidates(string line, string then) =>
        Assert.Equal(then, Completion.Complete(line, Completion.Fitting(line, Words)));

    [Fact]
    public void The_command_history_moves_both_ways_without_duplicates()
    {
        var history = new CommandHistory();
        foreach (var line in new[] { "nodes", "pulse", "nodes" })
            history.Add(line);
        Assert.Equal(["pulse", "nodes"], history.Lines);
        Assert.Equal("nodes", history.Older());
        Assert.Equal("pulse", history.Older());
        Assert.Null(history.Older());
        Assert.Equal("nodes", history.Newer());
        Assert.Equal("", history.Newer());
    }
}
