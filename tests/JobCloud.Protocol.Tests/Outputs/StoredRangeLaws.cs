using FsCheck.Xunit;
using JobCloud.Protocol.Outputs;

namespace JobCloud.Protocol.Tests.Outputs;

public sealed class StoredRangeLaws
{
    [Property(MaxTest = 1000)]
    public void The_kept_end_is_within_the_limit_and_excludes_dropped_bytes(
        byte which,
        bool isResult,
        uint size,
        uint dropped,
        ushort wholeMax,
        ushort tail
    )
    {
        var stream = (OutputStream)(which % 7);
        var kept = StoredRange.Of(stream, isResult, size, dropped, wholeMax, tail);
        Assert.Equal(size, kept.Until);
        Assert.InRange(kept.From, Math.Min(dropped, size), size);
        Assert.InRange(kept.Bytes, 0, Math.Max(wholeMax, tail));
    }

    [Property(MaxTest = 1000)]
    public void A_short_stream_is_kept_in_full(
        byte which,
        bool isResult,
        ushort size,
        ushort dropped,
        ushort tail
    )
    {
        var kept = StoredRange.Of((OutputStream)(which % 7), isResult, size, dropped, 0, tail);
        if (size - dropped <= tail)
            Assert.Equal(Math.Min(dropped, size), kept.From);
    }

    [Theory]
    [InlineData(OutputStream.Stdout, true, 900, 100, 0)] // a result, in full
    [InlineData(OutputStream.Stdout, true, 1001, 0, 991)] // a result over the limit: its end
    [InlineData(OutputStream.Stdout, false, 900, 0, 890)] // stdout of a job with a return file
    [InlineData(OutputStream.Timeline, false, 900, 0, 0)]
    [InlineData(OutputStream.Stderr, false, 5, 0, 0)]
    public void A_result_is_kept_in_full_and_other_streams_at_their_end(
        OutputStream stream,
        bool isResult,
        long size,
        long dropped,
        long from
    )
    {
        from = Math.Max(from, dropped);
        Assert.Equal(
            new StoredRange(from, size),
            StoredRange.Of(stream, isResult, size, dropped, wholeMax: 1000, tail: 10)
        );
    }
}
