using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Receives the feed and the link state from the connection to a node.</summary>
internal interface ICloudSink
{
    /// <summary>Whether the consumer is behind: the node should hold back its feed.</summary>
    bool IsFull { get; }

    void Push(FeedNews news);

    void LinkChanged(LinkState state, string node, DateTimeOffset since, string reason);

    /// <summary>Requests a new ticket, because the node no longer accepts the current
    /// one.</summary>
    /// <returns>Null: the node issued none in time.</returns>
    Task<Ticket?> RenewTicketAsync();
}
