namespace JobCloud.Protocol.Jobs;

/// <summary>Writes or reads times as differences to the one before. No time (0) stays 0, and no
/// difference is 0.</summary>
internal sealed class TimeDeltas(long start = 0)
{
    private long _before = start;

    public long Write(long time)
    {
        if (time == 0)
            return 0;
        var delta = time - _before;
        _before = time;
        return delta >= 0 ? delta + 1 : delta;
    }

    public long Read(long delta)
    {
        if (delta == 0)
            return 0;
        _before += delta > 0 ? delta - 1 : delta;
        return _before;
    }
}
