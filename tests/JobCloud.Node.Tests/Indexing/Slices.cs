using FsCheck;
using FsCheck.Fluent;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Node.Tests.Indexing;

/// <summary>Slices of submissions, as segments send them.</summary>
public static class Slices
{
    public static FeedSlice Job(long jid, Status status, string label = "", string owner = "ada") =>
        Slice(jid, jid, jid, jid, Counts((status, 1)), label, owner);

    /// <param name="counts">Number of jobs by status number; 0 is for deleted jobs.</param>
    public static FeedSlice Slice(
        long first,
        long last,
        long submissionFirst,
        long submissionLast,
        long[] counts,
        string label = "",
        string owner = "ada"
    ) =>
        new()
        {
            Row = new JobRow
            {
                First = first,
                Last = last,
                Counts = { counts },
                Owner = owner,
                Label = label,
                Command = $"run {submissionFirst}",
                Priority = 5,
                Cores = 1,
                Created = submissionFirst * 10,
                Started = counts[3..].Sum() > 0 ? (first * 10) + 1 : 0,
                Finished = counts[1..4].Sum() == 0 ? (first * 10) + 5 : 0,
                Attempt = 1,
            },
            SubmissionFirst = submissionFirst,
            SubmissionLast = submissionLast,
        };

    public static long[] Counts(params (Status Status, int Jobs)[] some)
    {
        var counts = new long[Statuses.Count];
        foreach (var (status, jobs) in some)
            counts[(int)status] = jobs;
        return counts;
    }

    public static long Size(FeedSlice slice) => slice.Row.Last - slice.Row.First + 1;

    internal static SliceRows RowsOf(FeedSlice slice, long sequenceNr = 1) =>
        RowsOf([slice], sequenceNr);

    /// <summary>The rows of a segment that has these slices.</summary>
    internal static SliceRows RowsOf(IReadOnlyList<FeedSlice> slices, long sequenceNr = 1) =>
        new(
            Segments.Of(slices[0].Row.First),
            sequenceNr,
            slices.Any(slice => slice.Row.Counts.Skip(1).Take(3).Sum() > 0),
            slices,
            Totals:
            [
                .. Enumerable
                    .Range(0, Statuses.Count)
                    .Select(status => (int)slices.Sum(slice => slice.Row.Counts[status])),
            ]
        );

    /// <summary>Generates a cloud's submissions, cut into slices: single jobs, and maps over
    /// several segments.</summary>
    public static Arbitrary<FeedSlice[]> Clouds() =>
        Gen.Choose(0, int.MaxValue).Select(seed => Cloud(new Random(seed))).ToArbitrary();

    private static FeedSlice[] Cloud(Random random)
    {
        var slices = new List<FeedSlice>();
        var next = 1L;
        for (var i = random.Next(30); i > 0; i--)
        {
            var first = next;
            var last = first + (random.Next(3) == 0 ? random.Next(3000) : 0);
            JobRow? like = null;
            for (var start = first; start <= last; )
            {
                var end = Math.Min(last, ((start / Segments.Size + 1) * Segments.Size) - 1);
                var counts = Counts(random, end - start + 1);
                var slice = Slice(start, end, first, last, counts);
                like = RowValues.Filled(slice.Row, random, like);
                slices.Add(slice);
                start = end + 1;
            }
            next = last + 1;
        }
        return [.. slices];
    }

    private static long[] Counts(Random random, long size)
    {
        var counts = new long[Statuses.Count];
        for (var left = size; left > 0; )
        {
            var some = random.Next(2) == 0 ? left : random.NextInt64(1, left + 1);
            counts[random.Next(counts.Length)] += some;
            left -= some;
        }
        return counts;
    }
}
