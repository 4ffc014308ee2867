using System.Threading.Channels;
using Google.Protobuf;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The cloud as the screens see it: requests of the public API, and the feed.
/// Thread-safe.</summary>
internal interface ICloud : IAsyncDisposable
{
    /// <summary>Sends a request for one reply. A timeout is reported as a refusal.</summary>
    Task<CallResult<T>> AskAsync<T>(CallRequest<T> request, CancellationToken cancel)
        where T : class, IMessage<T>;

    /// <summary>Sends a request and streams the replies as they arrive. The last can be a
    /// refusal.</summary>
    IAsyncEnumerable<CallResult<T>> StreamAsync<T>(CallRequest<T> request, CancellationToken cancel)
        where T : class, IMessage<T>;

    /// <summary>The feed, newest last; a <see cref="FeedNews"/> with <c>Full</c> replaces all
    /// earlier ones.</summary>
    ChannelReader<FeedNews> Feed { get; }

    /// <summary>Subscribes to the usage of these processing jobs, those on the screen, and of no
    /// others.</summary>
    void SetVisible(IReadOnlyList<long> visible);

    /// <summary>The state of the connection; a change is also announced by a message on
    /// <see cref="Feed"/>.</summary>
    Link Link { get; }

    /// <summary>Whether the node is one that this user can start here.</summary>
    bool CanStartNode { get; }

    /// <summary>Starts the node of this machine, because the user asks for it.</summary>
    void StartNode();
}

/// <summary>A reply or a refusal.</summary>
internal readonly record struct CallResult<T>(T? Message, Protocol.Refusal? Refusal)
    where T : class;

/// <summary>The state of the connection to the cloud.</summary>
/// <param name="Node">The connected node; empty: none.</param>
/// <param name="Since">The start of this state.</param>
/// <param name="Why">The reason, where it is not live.</param>
internal sealed record Link(LinkState State, string Node, DateTimeOffset Since, string Why);

/// <summary>Whether the data shown is current.</summary>
internal enum LinkState
{
    Joining,
    Live,
    Stale,
}
