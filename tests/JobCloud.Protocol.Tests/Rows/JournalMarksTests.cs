using FsCheck.Xunit;
using JobCloud.Protocol.Rows;

namespace JobCloud.Protocol.Tests.Rows;

public sealed class JournalMarksTests
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(8);
    private readonly JournalMarks _marks = new(Late);

    [Fact]
    public void Until_a_mark_is_old_enough_all_segments_are_read()
    {
        Assert.Null(After(0));
        Note(0, 100, segments: 10);
        Assert.Null(After(7));
        Assert.Equal(100, After(8));
        Assert.Equal(100, After(3600));
    }

    [Fact]
    public void The_newest_mark_that_is_old_enough_counts()
    {
        for (var second = 0; second < 60; second++)
        {
            Assert.Equal(second < 8 ? null : 100 + (second - 8), After(second));
            Note(second, 100 + second, segments: 1000);
        }
    }

    [Theory]
    [InlineData(140, 100L)]
    [InlineData(141, null)]
    public void Many_rows_of_few_segments_are_not_read(long newest, long? after)
    {
        Note(0, 100, segments: 10);
        Note(8, newest, segments: null);
        Assert.Equal(after, After(9));
    }

    [Fact]
    public void An_index_that_lost_rows_reads_all_segments_again()
    {
        Note(0, 100, segments: 10);
        _marks.Clear();
        Assert.Null(After(8));
    }

    [Property]
    public bool A_row_that_becomes_visible_in_time_is_read(ushort[] pauses, ushort hidden)
    {
        // The hidden row is numbered after 30 s, and all rows after it are seen before it.
        const long Row = 1_000;
        var marks = new JournalMarks(Late);
        var (now, newest) = (TimeSpan.Zero, Row - 1);
        var numbered = TimeSpan.FromSeconds(30);
        var visible = numbered + Late * (hidden % 1000 / 1000.0);
        foreach (var pause in pauses)
        {
            now += TimeSpan.FromMilliseconds(pause % 3000);
            if (now >= visible)
                return marks.After(now) is not { } after || after < Row;
            if (now >= numbered)
                newest = Math.Max(newest, Row) + 1;
            marks.Note(now, newest, segments: int.MaxValue);
        }
        return true;
    }

    private long? After(int second) => _marks.After(TimeSpan.FromSeconds(second));

    private void Note(int second, long newest, int? segments) =>
        _marks.Note(TimeSpan.FromSeconds(second), newest, segments);
}
