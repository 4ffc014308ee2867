namespace JobCloud.Protocol.Terminals;

/// <summary>How many bytes one direction of a terminal may have under way: sent, and not taken yet
/// by the other end.</summary>
public sealed class FlowWindow(long bytes)
{
    /// <summary>Bytes sent and not taken.</summary>
    public long UnderWay { get; private set; }

    /// <summary>How many more may be sent.</summary>
    public int Room => (int)Math.Clamp(bytes - UnderWay, 0, int.MaxValue);

    public void Sent(int count) => UnderWay += count;

    /// <summary>The other end took so many; more than were under way cannot be.</summary>
    public void Taken(long count) => UnderWay -= Math.Clamp(count, 0, UnderWay);
}

/// <summary>What was taken of one direction and not told yet: it is told by the quarter of a
/// window, so that the sender never comes to a stop, and single keystrokes are not answered
/// each.</summary>
public sealed class TakenCount(long windowBytes)
{
    private long _untold;

    /// <summary>Counts; returns how many to tell of now, or 0.</summary>
    public long Taken(int count)
    {
        _untold += count;
        if (_untold < Math.Max(1, windowBytes / 4))
            return 0;
        var told = _untold;
        _untold = 0;
        return told;
    }
}
