using FsCheck;
using FsCheck.Fluent;
using JobCloud.Node.Daemon.ReadModel;

namespace JobCloud.Node.Tests.ReadModel;

/// <summary>Slices of submissions, as segments tell of them.</summary>
public static class Slices
{
    private const int SegmentSize = 1024;

    public static SliceRow Job(
        long jid,
        StatusCounts counts,
        string label = "",
        string owner = "ada"
    ) => Slice(jid, jid, jid, jid, counts, label, owner);

    public static SliceRow Slice(
        long first,
        long last,
        long submissionFirst,
        long submissionLast,
        StatusCounts counts,
        string label = "",
        string owner = "ada",
        int deleted = 0
    ) =>
        new(
            first,
            last,
            submissionFirst,
            submissionLast,
            submissionLast > submissionFirst,
            owner,
            label,
            $"run {submissionFirst}",
            Priority: 5,
            Cores: 1,
            Created: submissionFirst * 10,
            Started: 0,
            Finished: counts.Unfinished == 0 ? first * 10 + 5 : 0,
            counts,
            deleted,
            Node: "",
            Reason: null,
            Attempt: 1
        );

    public static SliceRows Told(SliceRow row, long sequenceNr = 1) =>
        new(row.First / SegmentSize, sequenceNr, row.Counts.Unfinished > 0, [row]);

    /// <summary>A cloud's submissions, cut into slices: single jobs and maps over several segments.</summary>
    public static Arbitrary<SliceRow[]> Clouds() =>
        Gen.Choose(0, int.MaxValue).Select(seed => Cloud(new Random(seed))).ToArbitrary();

    private static SliceRow[] Cloud(Random random)
    {
        var rows = new List<SliceRow>();
        var next = 1L;
        for (var i = random.Next(30); i > 0; i--)
        {
            var first = next;
            var last = first + (random.Next(3) == 0 ? random.Next(3000) : 0);
            var label = random.Next(2) == 0 ? "" : $"l{random.Next(3)}";
            var owner = $"u{random.Next(2)}";
            for (var start = first; start <= last; )
            {
                var end = Math.Min(last, (start / SegmentSize + 1) * SegmentSize - 1);
                rows.Add(Cut(random, start, end, first, last, label, owner));
                start = end + 1;
            }
            next = last + 1;
        }
        return [.. rows];
    }

    private static SliceRow Cut(
        Random random,
        long start,
        long end,
        long first,
        long last,
        string label,
        string owner
    )
    {
        var counts = new int[8];
        for (var left = (int)(end - start + 1); left > 0; )
        {
            var some = random.Next(2) == 0 ? left : random.Next(1, left + 1);
            counts[random.Next(8)] += some;
            left -= some;
        }
        return Slice(
            start,
            end,
            first,
            last,
            new StatusCounts(
                counts[0],
                counts[1],
                counts[2],
                counts[3],
                counts[4],
                counts[5],
                counts[6]
            ),
            label,
            owner,
            deleted: counts[7]
        );
    }
}
