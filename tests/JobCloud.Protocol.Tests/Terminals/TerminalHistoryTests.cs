using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Terminals;
using JobCloud.Testing;
using TerminalClosed = JobCloud.Protocol.Events.TerminalClosed;
using TerminalOpened = JobCloud.Protocol.Events.TerminalOpened;

namespace JobCloud.Protocol.Tests.Terminals;

public class TerminalHistoryTests
{
    private readonly JobStory _story = new JobStory().Submit();

    [Fact]
    public void Opening_and_closing_a_terminal_gives_events_and_no_status()
    {
        _story.Assign(1);
        _story.Started(1);

        var opened = Assert.Single(Opened("a"));
        var closed = Assert.Single(Closed("a", exitCode: 3));

        Assert.Equal(Status.Processing, _story[1].Status);
        Assert.Equal("ann", opened.By);
        Assert.Equal("ann opened terminal a for make", EventText.Of(opened)!.Message);
        Assert.Equal("terminal a of ann closed: exit 3", EventText.Of(closed)!.Message);
    }

    [Fact]
    public void A_repeated_report_adds_nothing()
    {
        _story.Assign(1);
        _story.Started(1);
        Opened("a");
        Assert.Empty(Opened("a"));
        Closed("a");
        Assert.Empty(Closed("a"));
    }

    [Fact]
    public void A_terminal_of_a_job_that_is_not_processing_is_ignored()
    {
        Assert.Empty(Opened("a", attempt: 0));
        _story.Assign(1);
        Assert.Empty(Opened("a"));
    }

    [Fact]
    public void A_terminal_can_close_after_its_job_but_not_after_a_new_attempt()
    {
        _story.Assign(1);
        _story.Started(1);
        Opened("a");
        Opened("b");
        _story.Ended(1, new Exit { Code = 3 });
        Assert.Single(Closed("a"));

        _story.Change(Change.Retry, 1);
        _story.Assign(1);
        Assert.Empty(Closed("b"));
        Assert.Empty(_story[1].Terminals);
    }

    private IReadOnlyList<JobEvent> Opened(string id, int attempt = 1) =>
        Report(
            new TerminalReport
            {
                Jid = 1,
                Opened = new TerminalOpened
                {
                    Attempt = attempt,
                    Id = id,
                    Node = "n1",
                    Kind = TerminalKind.Command,
                    Command = "make",
                },
            }
        );

    private IReadOnlyList<JobEvent> Closed(string id, int exitCode = 0) =>
        Report(
            new TerminalReport
            {
                Jid = 1,
                Closed = new TerminalClosed
                {
                    Attempt = 1,
                    Id = id,
                    ExitCode = exitCode,
                },
            }
        );

    private IReadOnlyList<JobEvent> Report(TerminalReport report) => _story.Terminal(report);
}
