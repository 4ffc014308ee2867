using Google.Protobuf;

namespace JobCloud.Protocol.Wire;

/// <summary>Splits lists into parts that fit one message each.</summary>
public static class Batches
{
    /// <summary>Consecutive parts with a limit of items and of bytes. An item larger than that is a
    /// part of its own.</summary>
    public static IEnumerable<List<T>> Of<T>(IEnumerable<T> items, int most, int mostBytes)
        where T : IMessage<T>
    {
        var (part, bytes) = (new List<T>(), 0L);
        foreach (var item in items)
        {
            var size = item.CalculateSize();
            if (part.Count > 0 && (part.Count == most || bytes + size > mostBytes))
            {
                yield return part;
                (part, bytes) = ([], 0);
            }
            part.Add(item);
            bytes += size;
        }
        if (part.Count > 0)
            yield return part;
    }
}
