using System.Threading.Channels;
using Google.Protobuf;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The cloud as the screens see it: asked by the messages of the public API, heard through
/// its feed. All of it may be used from any thread.</summary>
internal interface ICloud : IAsyncDisposable
{
    /// <summary>Asks, for one reply; that no node answers in time is a refusal too.</summary>
    Task<Heard<T>> AskAsync<T>(CallRequest<T> request, CancellationToken cancel)
        where T : class, IMessage<T>;

    /// <summary>Replies as they come. The last may be a refusal.</summary>
    IAsyncEnumerable<Heard<T>> HearAsync<T>(CallRequest<T> request, CancellationToken cancel)
        where T : class, IMessage<T>;

    /// <summary>What the cloud pushes, newest last; a <see cref="FeedNews"/> that is `full`
    /// replaces all that came before.</summary>
    ChannelReader<FeedNews> News { get; }

    /// <summary>Whose usage is wanted, of processing jobs alone: those on the screen. Replaces what
    /// was looked at before.</summary>
    void Look(IReadOnlyList<long> visible);

    /// <summary>How well the cloud is reached; changes are told through <see cref="News"/>
    /// too.</summary>
    Link Link { get; }
}

/// <summary>A reply, or why there is none.</summary>
internal readonly record struct Heard<T>(T? Message, Protocol.Refusal? Refusal)
    where T : class;

/// <summary>How well the cloud is reached.</summary>
/// <param name="Node">The node that answers; empty: none does.</param>
/// <param name="Since">When this began to hold.</param>
/// <param name="Why">A sentence, where it is not live.</param>
internal sealed record Link(LinkState State, string Node, DateTimeOffset Since, string Why);

/// <summary>Whether what is shown is so now.</summary>
internal enum LinkState
{
    Joining,
    Live,
    Stale,
}
