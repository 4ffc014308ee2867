using FsCheck.Xunit;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Feed;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Indexing.Slices;

namespace JobCloud.Node.Tests.Indexing;

public sealed class LifeIndexTests
{
    [Property(MaxTest = 200, Arbitrary = [typeof(Slices)])]
    public void The_slices_of_a_period_are_found_once(FeedSlice[] slices, byte days, byte length)
    {
        const long Day = 86_400_000_000;
        foreach (var slice in slices)
        {
            // Every job was submitted, and what has ended has an end.
            slice.Row.Created = Math.Max(1, slice.Row.Created);
            if (slice.Row.Counts.Skip(1).Take(3).Sum() == 0)
                slice.Row.Finished = Math.Max(1, slice.Row.Finished);
        }
        using var home = new TestHome();
        using var index = IndexTests.Filled(home, slices);
        var from = Generators.Now - days % 6 * Day;
        var find = new FindLives(from, from + 1 + length % 4 * Day, null);
        Assert.Equal(
            slices
                .Where(slice =>
                    slice.Row.Created < find.Until
                    && (slice.Row.Finished == 0 || slice.Row.Finished >= find.From)
                    && slice.Row.Counts[0] < Size(slice)
                )
                .Select(slice => slice.Row.First)
                .Order(),
            Found(index, find).Select(life => life.First).Order()
        );
    }

    [Fact]
    public void A_row_has_the_times_of_its_job_and_only_owned_rows_are_found()
    {
        using var home = new TestHome();
        var mine = Job(5, Status.Killed);
        mine.Row.Started = 52;
        using var index = IndexTests.Filled(home, [mine, Job(6, Status.Done, owner: "eve")]);
        var life = Assert.Single(Found(index, new FindLives(0, 1_000, "ada")));
        Assert.Equal(new(50, 52, 55, Status.Error), life.Life);
    }

    [Fact]
    public void An_answer_examines_few_segments_and_none_without_a_job_of_the_period()
    {
        const int Many = 2_000;
        using var home = new TestHome();
        using var index = IndexTests.Filled(
            home,
            [.. Enumerable.Range(0, Many).Select(at => Job((at << 10) + 1, Status.Done))]
        );
        // Jobs are submitted at ten times their jid.
        var newest = (Many - 1L) << 10;
        var all = index.Lives.Read(new FindLives(0, long.MaxValue, null));
        Assert.Equal(LifeIndex.SegmentsAtOnce, all.Slices.Count);
        Assert.Equal(Many - LifeIndex.SegmentsAtOnce, all.Next);
        var few = index.Lives.Read(new FindLives((newest - 2_048) * 10, long.MaxValue, null));
        Assert.Null(few.Next);
        Assert.InRange(few.Slices.Count, 2, 4);
    }

    private static List<SliceLife> Found(IndexConnection index, FindLives find)
    {
        var found = new List<SliceLife>();
        for (LivesFound? page = null; page is null || find.Before is not null; )
        {
            page = index.Lives.Read(find);
            found.AddRange(page.Slices);
            Assert.True(page.Next is null || find.Before is null || page.Next < find.Before);
            find = find with { Before = page.Next };
        }
        return found;
    }
}
