using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Terminals in the history of a job.</summary>
public sealed class TerminalEventTests
{
    [Fact]
    public void A_terminal_is_recorded_when_it_opens_and_when_it_closes()
    {
        var story = Processing();
        var opened = Assert.Single(story.Terminal(Opened("a")));
        Assert.Equal((1L, "ann", "a"), (opened.Jid, opened.By, opened.TerminalOpened.Id));
        var closed = Assert.Single(story.Terminal(Closed("a")));
        Assert.Equal((1L, "ann", "a"), (closed.Jid, closed.By, closed.TerminalClosed.Id));
        Assert.Empty(story[1].Terminals);
    }

    [Fact]
    public void A_repeated_terminal_or_one_of_another_attempt_is_not_recorded()
    {
        var story = Processing();
        Assert.Empty(story.Terminal(Closed("a")));
        story.Terminal(Opened("a"));
        Assert.Empty(story.Terminal(Opened("a")));
        Assert.Empty(story.Terminal(Opened("b", attempt: 2)));
        Assert.Empty(story.Terminal(Closed("a", attempt: 2)));
        Assert.Equal(["a"], story[1].Terminals);
    }

    [Fact]
    public void A_terminal_opens_only_in_a_processing_job_but_can_close_after_it()
    {
        var story = Processing();
        story.Terminal(Opened("a"));
        story.Ended(1, new Exit());
        Assert.Empty(story.Terminal(Opened("b")));
        Assert.Single(story.Terminal(Closed("a")));
    }

    private static JobStory Processing()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Started(1);
        return story;
    }

    private static TerminalReport Opened(string id, int attempt = 1) =>
        new()
        {
            Jid = 1,
            Opened = new TerminalOpened { Id = id, Attempt = attempt },
        };

    private static TerminalReport Closed(string id, int attempt = 1) =>
        new()
        {
            Jid = 1,
            Closed = new TerminalClosed { Id = id, Attempt = attempt },
        };
}
