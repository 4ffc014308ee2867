using FsCheck.Xunit;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using static JobCloud.Node.Tests.Indexing.IndexTests;
using static JobCloud.Node.Tests.Indexing.Slices;

namespace JobCloud.Node.Tests.Indexing;

public sealed class IndexedSelectionTests
{
    [Property(MaxTest = 40, Arbitrary = [typeof(Slices)])]
    public void A_selection_covers_its_jobs_and_marks_exact_ranges(FeedSlice[] slices)
    {
        using var home = new TestHome();
        using var index = Filled(home, slices);
        (SelectionItem, Func<FeedSlice, long>)[] selections =
        [
            (Word(SelectionWord.All), Kept),
            (Word(SelectionWord.Unfinished), slice => slice.Row.Counts.Skip(1).Take(3).Sum()),
            (Word(SelectionWord.Failed), slice => slice.Row.Counts.Skip(5).Sum()),
            (
                new SelectionItem { Label = "l1" },
                slice => slice.Row.Label == "l1" ? Kept(slice) : 0
            ),
            Of(Status.Done),
            Of(Status.Killed),
            Of(Status.Processing),
        ];
        foreach (var owner in new[] { null, "me" })
        foreach (var (item, chosen) in selections)
        {
            var resolved = index.Resolver.Resolve(new ResolveSelection(item, owner)).Ranges;
            foreach (var slice in slices)
            {
                var row = slice.Row;
                var count = owner is null || row.Owner == owner ? chosen(slice) : 0;
                var range = resolved.SingleOrDefault(range =>
                    range.First <= row.First && row.Last <= range.Last
                );
                Assert.Equal(count > 0, range is not null);
                Assert.Equal(count == Slices.Size(slice), range?.Exact ?? false);
            }
        }
        static long Kept(FeedSlice slice) => Slices.Size(slice) - slice.Row.Counts[0];
        static (SelectionItem, Func<FeedSlice, long>) Of(Status status) =>
            (new SelectionItem { Status = status }, slice => slice.Row.Counts[(int)status]);
    }

    [Fact]
    public void Last_selects_the_newest_submission_of_its_owner()
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Job(1, Status.Done, owner: "eve"),
                Slices.Slice(2, 1023, 2, 1030, Counts((Status.Queued, 1022))),
                Slices.Slice(1024, 1030, 2, 1030, Counts((Status.Queued, 7))),
                Slices.Job(1031, Status.Unspecified),
            ]
        );
        var last = Word(SelectionWord.Last);
        Assert.Equal([new ResolvedRange(2, 1030, true)], Resolve(index, last, null));
        Assert.Equal([new ResolvedRange(1, 1, true)], Resolve(index, last, "eve"));
        Assert.Empty(Resolve(index, last, "bob"));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 1030)]
    [InlineData(1030, 2, 1030)]
    public void A_jid_of_a_map_resolves_to_the_whole_map(long jid, long first, long last)
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Job(1, Status.Done),
                Slices.Slice(2, 1023, 2, 1030, Counts((Status.Done, 1022))),
                Slices.Slice(1024, 1030, 2, 1030, Counts((Status.Queued, 7))),
            ]
        );
        var item = new SelectionItem { MapOf = jid };
        Assert.Equal([new ResolvedRange(first, last, true)], Resolve(index, item, "ada"));
        Assert.Empty(Resolve(index, item, "eve"));
        Assert.Empty(Resolve(index, new SelectionItem { MapOf = 1031 }, "ada"));
    }

    [Fact]
    public void A_map_of_which_jobs_were_deleted_is_not_exact()
    {
        using var home = new TestHome();
        using var index = Filled(
            home,
            [
                Slices.Slice(2, 1023, 2, 1030, Counts((Status.Done, 1021), (default, 1))),
                Slices.Slice(1024, 1030, 2, 1030, Counts((Status.Queued, 7))),
            ]
        );
        Assert.Equal(
            [new ResolvedRange(2, 1030, Exact: false)],
            Resolve(index, new SelectionItem { MapOf = 1024 }, "ada")
        );
    }

    private static IReadOnlyList<ResolvedRange> Resolve(
        IndexConnection index,
        SelectionItem item,
        string? owner
    ) => index.Resolver.Resolve(new ResolveSelection(item, owner)).Ranges;

    private static SelectionItem Word(SelectionWord word) => new() { Word = word };
}
