using System.Runtime.CompilerServices;
using System.Threading.Channels;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.ClientGateway;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>One pending request, with its replies as they arrive.</summary>
/// <param name="maxBytes">The maximum size of one reply.</param>
internal sealed class PendingCall(long number, Request request, int maxBytes)
{
    /// <summary>The number of unread messages at which no more are requested.</summary>
    private const int MaxUnread = 8;

    private readonly Channel<byte[]> _messages = Channel.CreateUnbounded<byte[]>();
    private readonly MessageAssembler _gathering = new(maxBytes);
    private int _credit;

    public long Number => number;
    public Request Request => request;

    /// <summary>The reason why the answer ended early, or null.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Takes a chunk. False: no more are needed.</summary>
    public bool Take(Told chunk)
    {
        if (chunk.End)
        {
            End(chunk.Refusal);
            return false;
        }
        if (_gathering.Add(chunk.Number, chunk.Piece) is { } error)
        {
            End(Lost($"Invalid answer: {error}; try again."));
            return false;
        }
        Interlocked.Increment(ref _credit);
        if (chunk.Whole)
            _messages.Writer.TryWrite(_gathering.Take());
        return true;
    }

    /// <summary>The number of chunks to request now.</summary>
    public int Wanted() =>
        _messages.Reader.Count < MaxUnread ? Interlocked.Exchange(ref _credit, 0) : 0;

    public void End(Refusal? refusal)
    {
        Refusal ??= refusal;
        _messages.Writer.TryComplete();
    }

    /// <param name="taken">Called after each message.</param>
    public async IAsyncEnumerable<byte[]> ReadAsync(
        Action taken,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await foreach (var message in _messages.Reader.ReadAllAsync(cancel))
        {
            taken();
            yield return message;
        }
    }

    public static Refusal Lost(string message) =>
        new() { Code = RefusalCode.Busy, Message = message };
}
