using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Waiting;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Waiting;

/// <summary>Statuses of jobs, one per job, and again in another order with repetitions.</summary>
public sealed record News(
    IReadOnlyList<(long Jid, Status Status)> Once,
    IReadOnlyList<(long Jid, Status Status)> Again
)
{
    public static Arbitrary<News> Any() =>
        (
            from statuses in Gen.ArrayOf(Generators.AnyStatus, Jobs.Count)
            let once = Jobs.Zip(statuses).ToArray()
            from shuffled in Gen.Shuffle(once)
            from more in Gen.Elements(once).ListOf()
            from order in Gen.Shuffle(shuffled.Concat(more).ToArray())
            select new News(once, order)
        ).ToArbitrary();

    /// <summary>The awaited jobs, in two ranges.</summary>
    public static readonly IReadOnlyList<JidRange> Ranges =
    [
        JidRanges.Range(3, 6),
        JidRanges.Range(1022, 1026),
    ];

    public static readonly IReadOnlyList<long> Jobs = [.. JidRanges.Enumerate(Ranges)];
}

[Properties(Arbitrary = [typeof(News)])]
public sealed class AwaitFoldLaws
{
    [Property]
    public void The_order_and_repetition_of_updates_do_not_matter(News news)
    {
        var (one, other) = (Fold(news.Once), Fold(news.Again));
        Assert.Equal((one.IsFinished, one.IsComplete), (other.IsFinished, other.IsComplete));
        var (a, b) = (one.Take(), other.Take());
        Assert.Equal(a.Counts, b.Counts);
        Assert.Equal(Ended(a), Ended(b));
    }

    [Property]
    public void Each_end_is_reported_once(News news, bool[] takes)
    {
        var fold = new AwaitFold(News.Ranges, AwaitMode.All);
        var ended = new List<long>();
        for (var i = 0; i < news.Again.Count; i++)
        {
            fold.Fold(Moved(news.Again[i]));
            if (i < takes.Length && takes[i])
                ended.AddRange(Ended(fold.Take()));
        }
        ended.AddRange(Ended(fold.Take()));
        Assert.Equal(news.Once.Where(n => n.Status.IsFinished()).Select(n => n.Jid), ended.Order());
    }

    [Property]
    public void Mode_all_finishes_exactly_with_the_last_end(News news)
    {
        var fold = new AwaitFold(News.Ranges, AwaitMode.All);
        var open = news.Once.Select(n => n.Jid).ToHashSet();
        foreach (var one in news.Again)
        {
            fold.Fold(Moved(one));
            if (one.Status.IsFinished())
                open.Remove(one.Jid);
            Assert.Equal(open.Count == 0, fold.IsFinished);
        }
        Assert.Null(fold.Take().Refusal);
    }

    [Property]
    public void Mode_first_bad_finishes_with_the_first_bad_end(News news)
    {
        var reply = Fold(news.Again, AwaitMode.FirstBad).Take();
        var bad = news.Again.FirstOrDefault(n => n.Status.IsBad());
        Assert.Equal(bad.Jid, reply.Refusal?.Jid ?? 0);
        Assert.Equal(bad.Jid > 0 || news.Once.All(n => n.Status.IsFinished()), reply.Finished);
    }

    [Property]
    public void Other_jobs_are_ignored(News news)
    {
        var fold = new AwaitFold(
            [JidRanges.Range(7, 9), JidRanges.Range(2000, 2000)],
            AwaitMode.FirstBad
        );
        foreach (var one in news.Again)
            fold.Fold(Moved(one));
        Assert.False(fold.HasNews);
        Assert.Equal(4, fold.Take().Counts[0]);
    }

    [Property]
    public void The_counts_cover_all_jobs(News news, byte known)
    {
        var fold = Fold([.. news.Again.Take(known % (news.Again.Count + 1))]);
        Assert.Equal(News.Jobs.Count, fold.Take().Counts.Sum());
    }

    private static AwaitFold Fold(
        IReadOnlyList<(long Jid, Status Status)> news,
        AwaitMode mode = AwaitMode.All
    )
    {
        var fold = new AwaitFold(News.Ranges, mode);
        foreach (var one in news)
            fold.Fold(Moved(one));
        return fold;
    }

    private static IEnumerable<long> Ended(AwaitReply reply) =>
        reply
            .Ended.SelectMany(run => Enumerable.Range(0, (int)run.Count).Select(i => run.First + i))
            .Order();

    private static JobsMoved Moved((long Jid, Status Status) one) =>
        new()
        {
            Runs =
            {
                new StatusRun
                {
                    First = one.Jid,
                    Count = 1,
                    Status = one.Status,
                },
            },
        };
}
