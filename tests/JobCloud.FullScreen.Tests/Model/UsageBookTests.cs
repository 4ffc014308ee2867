using JobCloud.Protocol;
using JobCloud.Protocol.Feed;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class UsageBookTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Cores_in_use_are_what_was_used_between_looks()
    {
        var book = Looked(1 * Second, 2 * Second, 3 * Second);
        Assert.Equal(1.0, book.View()[7].Cores!.Value, 3);
        Assert.Equal(4096, book.View()[7].MemoryBytes);
    }

    [Fact]
    public void After_one_look_no_cores_are_known_and_none_is_no_zero()
    {
        Assert.Null(Looked(5 * Second).View()[7].Cores);
        Assert.Null(new UsageBook().View().GetValueOrDefault(7));
    }

    [Fact]
    public void An_idle_job_uses_nothing_after_a_while() =>
        Assert.Equal(0, Looked(0, 9 * Second, 9 * Second, 9 * Second, 9 * Second).View()[7].Cores);

    [Fact]
    public void Another_attempt_is_counted_anew() =>
        Assert.Null(Looked(9 * Second, 10 * Second, 1 * Second).View()[7].Cores);

    [Fact]
    public void Of_jobs_out_of_sight_nothing_is_kept()
    {
        var book = Looked(1);
        Assert.True(book.Keep([8]));
        Assert.Empty(book.View());
        Assert.False(book.Keep([]));
    }

    // A look a second.
    private static UsageBook Looked(params long[] cpu)
    {
        var book = new UsageBook();
        for (var i = 0; i < cpu.Length; i++)
        {
            var usage = new Usage { CpuUserUs = cpu[i], MemoryBytes = 4096 };
            book.Heard([new UsageNow { Jid = 7, Usage = usage }], (i + 1) * Second);
        }
        return book;
    }
}
