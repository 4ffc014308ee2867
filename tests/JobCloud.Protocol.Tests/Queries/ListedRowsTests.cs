using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Queries;

public sealed class ListedRowsTests
{
    private const long Now = Generators.Now;
    private const int MaxBytes = 1 << 20;

    /// <summary>Rows come in groups, those with the best first row first, as segments do.</summary>
    [Property(MaxTest = 500)]
    public void Rows_that_are_left_out_once_it_is_decided_would_not_be_listed(
        int seed,
        byte limitless
    )
    {
        var random = new Random(seed);
        var sorted = RowFields.All.Where(field => field is not RowField.Text).ToList();
        var query = new BoundQuery(
            null,
            [
                .. Enumerable
                    .Range(0, random.Next(1, 3))
                    .Select(_ => new BoundSortKey(
                        sorted[random.Next(sorted.Count)],
                        random.Next(2) == 0
                    )),
            ],
            null
        );
        var limit = 1 + (limitless % 9);
        var groups = Enumerable
            .Range(0, random.Next(12))
            .Select(group =>
                Enumerable
                    .Range(0, random.Next(1, 4))
                    .Select(place => Row((group * 10) + place + 1, random))
                    .ToList()
            )
            .ToList();
        var (all, some) = (Listed(query, limit), Listed(query, limit));
        foreach (var row in groups.SelectMany(rows => rows))
            all.Add(row);
        var isCut = false;
        foreach (var group in Ordered(query, groups))
        {
            var newest = group.Max(row => row.First);
            if (isCut = some.IsDecided(BestRank(query, group), newest))
                break;
            foreach (var row in group)
                some.Add(row);
        }
        Assert.Equal(all.Reply(isCut: false), some.Reply(isCut));
    }

    [Theory]
    [InlineData(2, 9L, false, "no more than the limit are known")]
    [InlineData(3, 9L, false, "it may be better")]
    [InlineData(3, 8L, false, "it may be as good, and newer")]
    [InlineData(3, 7L, true, "it is worse")]
    [InlineData(3, null, true, "it has none")]
    public void It_is_decided_by_the_last_row_that_is_listed(
        int added,
        long? best,
        bool decided,
        string why
    )
    {
        var key = new BoundSortKey(RowFields.Find("priority")!, Descending: true);
        var rows = Listed(new BoundQuery(null, [key], null), limit: 2);
        for (var jid = 1; jid <= added; jid++)
            rows.Add(
                new JobRow
                {
                    First = jid,
                    Last = jid,
                    Priority = 10 - jid,
                }
            );
        Assert.True(decided == rows.IsDecided(best, newest: 5), why);
        Assert.Equal(added == 3 && best is not 9, rows.IsDecided(best, newest: 1));
    }

    private static ListedRows Listed(BoundQuery query, int limit) =>
        new(query, Now, limit, MaxBytes);

    private static IEnumerable<List<JobRow>> Ordered(BoundQuery query, List<List<JobRow>> groups) =>
        groups
            .OrderBy(group => group, Comparer<List<JobRow>>.Create((a, b) => Compare(query, a, b)))
            .ThenByDescending(group => group[0].First);

    private static int Compare(BoundQuery query, List<JobRow> a, List<JobRow> b) =>
        QueryEvaluator.Compare(query.Sort[0], BestRank(query, a), BestRank(query, b));

    private static long? BestRank(BoundQuery query, List<JobRow> group)
    {
        var ranks = group.Select(row => QueryEvaluator.Rank(query.Sort[0].Field, row, Now));
        return query.Sort[0].Descending ? ranks.Max() : ranks.Min();
    }

    private static JobRow Row(long jid, Random random)
    {
        var row = new JobRow
        {
            First = jid,
            Last = jid,
            Status = (Status)random.Next(1, 8),
        };
        return RowValues.Filled(row, random);
    }
}
