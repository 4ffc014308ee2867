using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>What the connection to a node tells the one who keeps it.</summary>
internal interface ICloudSink
{
    /// <summary>Nothing more is to be pushed until what waits was taken.</summary>
    bool IsFull { get; }

    void Push(FeedNews news);

    void Linked(LinkState state, string node, DateTimeOffset since, string why);

    /// <summary>Asks the node for another ticket, as it no longer accepts this one.</summary>
    /// <returns>Null: the node gave none in time.</returns>
    Task<Ticket?> RenewTicketAsync();
}
