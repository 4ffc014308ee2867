using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Tests.Wire;

public sealed class WireNamesTests
{
    /// <summary>Names are part of the journal and of the protocol between nodes: this list may only
    /// grow.</summary>
    private static readonly string[] Approved =
    [
        "Refusal",
        "api.DefinitionsReply",
        "api.DrainRequest",
        "api.ExplainReply",
        "api.ForecastReply",
        "api.NodesReply",
        "events.Defined",
        "events.JobsChanged",
        "events.RangeLeased",
        "events.SegmentCompacted",
        "events.Undefined",
        "feed.FeedNews",
        "feed.FeedPart",
        "feed.FeedRequest",
        "feed.Watch",
        "gateway.Ask",
        "gateway.AskMore",
        "gateway.TicketGiven",
        "gateway.Told",
        "nodes.AskForecast",
        "nodes.AskWork",
        "nodes.AttemptsRead",
        "nodes.BeginTerminal",
        "nodes.CheckAttempts",
        "nodes.DefinitionsMail",
        "nodes.ExplainQueued",
        "nodes.FilesRead",
        "nodes.ForgetJobs",
        "nodes.JobsMoved",
        "nodes.LeaseGranted",
        "nodes.LeaseRequest",
        "nodes.NodeChanged",
        "nodes.NodeOffer",
        "nodes.OutputRead",
        "nodes.PortsRead",
        "nodes.ReadAttempts",
        "nodes.ReadFiles",
        "nodes.ReadOutput",
        "nodes.ReadPorts",
        "nodes.RecallAttempts",
        "nodes.ReportsAccepted",
        "nodes.SchedulerNodes",
        "nodes.SegmentReply",
        "nodes.SegmentRequest",
        "nodes.SegmentUpdate",
        "nodes.StartAttempts",
        "nodes.StopAttempts",
        "nodes.TerminalBegun",
        "nodes.TerminalBytes",
        "nodes.TerminalEnd",
        "nodes.TerminalTaken",
        "nodes.WorkFound",
    ];

    [Fact]
    public void The_names_are_the_approved_ones() =>
        Assert.Equal(Approved, WireNames.All.Select(WireNames.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Names_and_types_map_to_each_other() =>
        Assert.All(
            WireNames.All,
            message =>
            {
                Assert.Equal(WireNames.Name(message), WireNames.NameOf(message.ClrType));
                Assert.Same(message.Parser, WireNames.ParserOf(WireNames.Name(message)));
            }
        );

    [Fact]
    public void A_type_outside_the_table_has_no_name()
    {
        Assert.Null(WireNames.NameOf(typeof(string)));
        Assert.Null(WireNames.ParserOf("events.Nothing"));
    }
}
