namespace JobCloud.Protocol.Terminals;

/// <summary>The flow control window of one direction of a terminal: a limit of bytes in flight,
/// sent but not yet taken by the other end.</summary>
public sealed class FlowWindow(long bytes)
{
    /// <summary>Bytes sent but not taken.</summary>
    public long InFlight { get; private set; }

    /// <summary>The number of bytes that may be sent now.</summary>
    public int Room => (int)Math.Clamp(bytes - InFlight, 0, int.MaxValue);

    public void Sent(int count) => InFlight += count;

    /// <summary>Records bytes taken by the other end, at most those in flight.</summary>
    public void Taken(long count) => InFlight -= Math.Clamp(count, 0, InFlight);
}

/// <summary>Counts bytes taken in one direction, to report them per quarter of a window: often
/// enough that the sender never stalls, but not for every keystroke.</summary>
public sealed class TakenCounter(long windowBytes)
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
