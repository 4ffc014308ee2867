using System.Threading.Channels;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The cloud as the screens see it: asked by the messages of the public API, heard through
/// its feed. All of it may be used from any thread.</summary>
public interface ICloud : IAsyncDisposable
{
    /// <summary>Asks; a refusal is a reply. One that no node answers in time is a refusal too.</summary>
    Task<Reply> AskAsync(Request request, CancellationToken cancel);

    /// <summary>Output as it comes. Ends with the attempt, or with a refusal.</summary>
    IAsyncEnumerable<Heard<OutputChunk>> OutputAsync(
        OutputRequest request,
        CancellationToken cancel
    );

    /// <summary>The history of jobs, live where it is followed.</summary>
    IAsyncEnumerable<Heard<EventsReply>> EventsAsync(
        EventsRequest request,
        CancellationToken cancel
    );

    /// <summary>What the cloud pushes, newest last; a <see cref="FeedNews"/> that is `full` replaces
    /// all that came before.</summary>
    ChannelReader<FeedNews> News { get; }

    /// <summary>Whose usage is wanted, of processing jobs alone: those on the screen. Replaces what was
    /// looked at before.</summary>
    void Look(IReadOnlyList<long> visible);

    /// <summary>How well the cloud is reached; changes are told through <see cref="News"/> too.</summary>
    Link Link { get; }
}

/// <summary>One message of a stream, or why it ended.</summary>
public readonly record struct Heard<T>(T? Message, JobCloud.Protocol.Refusal? Refusal)
    where T : class;

/// <summary>How well the cloud is reached.</summary>
/// <param name="Node">The node that answers; empty: none does.</param>
/// <param name="Since">When this began to hold.</param>
/// <param name="Why">A sentence, where it is not live.</param>
public sealed record Link(LinkState State, string Node, DateTimeOffset Since, string Why);

/// <summary>Whether what is shown is so now.</summary>
public enum LinkState
{
    Joining,
    Live,
    Stale,
}
