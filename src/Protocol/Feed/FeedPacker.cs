using Google.Protobuf;
using Google.Protobuf.Collections;

namespace JobCloud.Protocol.Feed;

/// <summary>Packs an update into messages of limited size; an oversized part gets its
/// own.</summary>
internal sealed class FeedPacker(int messageBytes)
{
    /// <summary>Maximum size of a part's tag and length.</summary>
    private const int Envelope = 6;

    private readonly List<FeedNews> _messages = [new()];
    private int _bytes;

    public IReadOnlyList<FeedNews> Messages => _messages;
    public bool IsEmpty { get; private set; } = true;
    public FeedNews First => _messages[0];
    public FeedNews Last => _messages[^1];

    public void Add<T>(Func<FeedNews, RepeatedField<T>> field, T part)
        where T : IMessage<T> => field(Room(part.CalculateSize())).Add(part);

    public void AddRemoved(long first) =>
        Room(CodedOutputStream.ComputeInt64Size(first)).Removed.Add(first);

    /// <summary>The message with room for a part of this size.</summary>
    private FeedNews Room(int size)
    {
        if (!IsEmpty && _bytes + size + Envelope > messageBytes)
        {
            Last.More = true;
            _messages.Add(new FeedNews());
            _bytes = 0;
        }
        IsEmpty = false;
        _bytes += size + Envelope;
        return Last;
    }
}
