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
    public void Tab_adds_what_all_that_fit_agree_on(string line, string then) =>
        Assert.Equal(then, Completion.Complete(line, Completion.Fitting(line, Words)));

    [Fact]
    public void History_walks_back_and_forth_and_holds_each_line_once()
    {
        var history = new History();
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
