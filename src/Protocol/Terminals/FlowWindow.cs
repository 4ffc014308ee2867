namespace JobCloud.Protocol.Terminals;

/// <summary>The flow control window of one direction of a terminal: a limit of bytes in flight,
/// sent but not yet taken by the other end.</summary>
public sealed class FlowWindow(long bytes)
{
    /// <summary>Bytes sent but not taken.</summary>
    public long UnderWay { get; private set; }

    /// <summary>The number of bytes that may be sent now.</summary>
    public int Room => (int)Math.Clamp(bytes - UnderWay, 0, int.MaxValue);

    public void Sent(int count) => UnderWay += count;

    /// <summary>Records bytes taken by the other end, at most those in flight.</summary>
    public void Taken(long count) => UnderWay -= Math.Clamp(count, 0, UnderWay);
}

/// <summary>Counts bytes taken in one direction, to report them per quarter of a window: often
/// enough that the sender never stalls, but not for every keystroke.</summary>
public sealed class TakenCount(long windowBytes)
{
    private long _unreported;

    /// <summary>Counts bytes; returns the number to report now, or 0.</summary>
    public long Taken(int count)
    {
        _unreported += count;
        if (_unreported < Math.Max(1, windowBytes / 4))
            return 0;
        var reported = _unreported;
        _unreported = 0;
        return reported;
    }
}
