using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.ClientGateway;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Wire;

/// <summary>
/// Every message between nodes and every event of the journal, by the short name that is stored
/// beside its bytes. No other message is sent or read. Names are storage format.
/// </summary>
public static class WireNames
{
    private const string Package = "jobcloud.";

    private static readonly MessageDescriptor[] Messages =
    [
        // The journal.
        JobsChanged.Descriptor,
        SegmentCompacted.Descriptor,
        RangeLeased.Descriptor,
        Defined.Descriptor,
        Undefined.Descriptor,
        // Allocator.
        LeaseRequest.Descriptor,
        LeaseGranted.Descriptor,
        // Definitions.
        DefinitionsMail.Descriptor,
        DefinitionsReply.Descriptor,
        // Segments.
        SegmentRequest.Descriptor,
        SegmentReply.Descriptor,
        JobsMoved.Descriptor,
        // Scheduler.
        SegmentUpdate.Descriptor,
        NodeOffer.Descriptor,
        NodeChanged.Descriptor,
        ExplainQueued.Descriptor,
        SchedulerNodes.Descriptor,
        AskWork.Descriptor,
        WorkFound.Descriptor,
        AskForecast.Descriptor,
        ForecastReply.Descriptor,
        ExplainReply.Descriptor,
        NodesReply.Descriptor,
        DrainRequest.Descriptor,
        Refusal.Descriptor,
        // Agents.
        StartAttempts.Descriptor,
        RecallAttempts.Descriptor,
        StopAttempts.Descriptor,
        CheckAttempts.Descriptor,
        ReportsAccepted.Descriptor,
        ForgetJobs.Descriptor,
        ReadOutput.Descriptor,
        OutputRead.Descriptor,
        ReadAttempts.Descriptor,
        AttemptsRead.Descriptor,
        ReadFiles.Descriptor,
        FilesRead.Descriptor,
        ReadPorts.Descriptor,
        PortsRead.Descriptor,
        // Terminals.
        BeginTerminal.Descriptor,
        TerminalBegun.Descriptor,
        TerminalBytes.Descriptor,
        TerminalTaken.Descriptor,
        TerminalEnd.Descriptor,
        // Cluster clients.
        Ask.Descriptor,
        AskMore.Descriptor,
        Told.Descriptor,
        TicketGiven.Descriptor,
        // Feeds.
        Watch.Descriptor,
        FeedNews.Descriptor,
        FeedRequest.Descriptor,
        FeedPart.Descriptor,
    ];

    private static readonly FrozenDictionary<string, MessageParser> ParserByName =
        Messages.ToFrozenDictionary(Name, message => message.Parser);

    private static readonly FrozenDictionary<Type, string> NameByType = Messages.ToFrozenDictionary(
        message => message.ClrType,
        Name
    );

    /// <summary>All messages, in the order of the table.</summary>
    public static IReadOnlyList<MessageDescriptor> All => Messages;

    /// <summary>The name of a message type; null: it is not in the table.</summary>
    public static string? NameOf(Type type) => NameByType.GetValueOrDefault(type);

    /// <summary>The parser of messages with this name; null: unknown.</summary>
    public static MessageParser? ParserOf(string name) => ParserByName.GetValueOrDefault(name);

    /// <summary>The full name in the schema, without the common prefix.</summary>
    public static string Name(MessageDescriptor message) =>
        message.FullName.StartsWith(Package, StringComparison.Ordinal)
            ? message.FullName[Package.Length..]
            : message.FullName;
}
