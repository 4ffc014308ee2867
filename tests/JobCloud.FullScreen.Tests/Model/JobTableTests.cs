using FsCheck.Xunit;
using JobCloud.FullScreen.Tests.Screens;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class JobTableTests
{
    [Property]
    public bool The_cursor_stays_on_its_job_when_rows_are_reordered(
        List<byte> order,
        byte start,
        byte height
    )
    {
        var table = new JobTable();
        table.Resize(height % 20 + 1);
        table.Accept(Rows(Enumerable.Range(1, 60)));
        table.GoTo(start % 60);
        var jid = table.Current!.First;
        foreach (var seed in order)
        {
            table.Accept(Rows(Shuffled(seed)));
            if (table.Current!.First != jid)
                return false;
        }
        return true;
    }

    [Property]
    public bool The_cursors_job_stays_on_its_line_of_the_screen(byte above, byte start)
    {
        var table = new JobTable();
        table.Resize(10);
        table.Accept(Rows(Enumerable.Range(1, 60)));
        table.GoTo(20 + start % 20);
        var line = table.Cursor - table.Top;
        table.Accept(Rows(Enumerable.Range(-above % 50, 60 + above % 50)));
        return table.Cursor - table.Top == line;
    }

    [Property]
    public bool The_cursor_is_always_visible(List<(byte Rows, byte Height, sbyte By)> moves)
    {
        var table = new JobTable();
        foreach (var (rows, height, by) in moves)
        {
            table.Accept(Rows(Enumerable.Range(1, rows)));
            table.Resize(height);
            table.Move(by);
            table.Scroll(by);
            var empty = rows == 0 && table.Cursor == 0 && table.Top == 0;
            var shown = table.Top <= table.Cursor && table.Cursor < table.Top + table.Height;
            if (!empty && !(shown && table.Cursor < rows))
                return false;
        }
        return true;
    }

    [Fact]
    public void A_cursor_whose_job_is_removed_keeps_its_position()
    {
        var table = new JobTable();
        table.Resize(10);
        table.Accept(Rows([1, 2, 3, 4]));
        table.GoTo(1);
        table.Accept(Rows([1, 3, 4]));
        Assert.Equal(3, table.Current!.First);
    }

    [Fact]
    public void Marks_belong_to_jobs_and_survive_a_filter()
    {
        var table = new JobTable();
        table.Accept(Rows([1, 2, 3]));
        table.GoTo(1);
        table.Mark();
        table.Accept(Rows([3]));
        table.Accept(Rows([3, 2, 1]));
        Assert.Equal([2], table.Marks);
    }

    [Fact]
    public void A_range_is_marked_from_the_last_mark_to_the_cursor()
    {
        var table = new JobTable();
        table.Accept(Rows(Enumerable.Range(1, 10)));
        table.GoTo(2);
        table.Mark();
        table.GoTo(5);
        table.MarkRange();
        Assert.Equal([3, 4, 5, 6], table.Marks.Order());
    }

    [Fact]
    public void Jobs_are_marked_together_and_unmarked_once_all_are()
    {
        var table = new JobTable();
        table.Mark(4);
        Assert.True(table.TryMark(3, 5));
        Assert.Equal([3, 4, 5], table.Marks.Order());
        Assert.True(table.TryMark(3, 5));
        Assert.Empty(table.Marks);
        Assert.True(table.TryMark(1, JobTable.MaxMarks));
        Assert.False(table.TryMark(JobTable.MaxMarks, JobTable.MaxMarks + 1));
        Assert.Equal(JobTable.MaxMarks, table.Marks.Count);
    }

    [Fact]
    public void Inverting_twice_changes_nothing()
    {
        var table = new JobTable();
        table.Accept(Rows(Enumerable.Range(1, 5)));
        table.Mark();
        table.Invert();
        Assert.Equal([2, 3, 4, 5], table.Marks.Order());
        table.Invert();
        Assert.Equal([1], table.Marks);
    }

    private static List<JobRow> Rows(IEnumerable<int> jids) =>
        [.. jids.Select(jid => Samples.Job(jid, Status.Queued))];

    private static int[] Shuffled(int seed)
    {
        var jids = Enumerable.Range(1, 60).ToArray();
        new Random(seed).Shuffle(jids);
        return jids;
    }
}
