using System.Runtime.CompilerServices;
using System.Threading.Channels;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Doors;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>One request under way, and its replies as they come.</summary>
/// <param name="mostBytes">Of one reply.</param>
internal sealed class PendingCall(long number, Request request, int mostBytes)
{
    /// <summary>Whole messages that wait for their reader; beyond this no more are asked
    /// for.</summary>
    private const int MessagesAhead = 8;

    private readonly Channel<byte[]> _messages = Channel.CreateUnbounded<byte[]>();
    private readonly Gathering _gathering = new(mostBytes);
    private int _owed;

    public long Number => number;
    public Request Request => request;

    /// <summary>Why the answer ended early; null: it did not.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Takes a piece. False: it is the last that is of use.</summary>
    public bool Take(Told told)
    {
        if (told.End)
        {
            End(told.Refusal);
            return false;
        }
        if (_gathering.Add(told.Number, told.Piece) is { } trouble)
        {
            End(Lost($"The answer cannot be read: {trouble}; try again."));
            return false;
        }
        Interlocked.Increment(ref _owed);
        if (told.Whole)
            _messages.Writer.TryWrite(_gathering.Take());
        return true;
    }

    /// <summary>How many pieces may be asked for at the moment.</summary>
    public int Wanted() =>
        _messages.Reader.Count < MessagesAhead ? Interlocked.Exchange(ref _owed, 0) : 0;

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

    public static Refusal Lost(string why) => new() { Code = RefusalCode.Busy, Message = why };
}
