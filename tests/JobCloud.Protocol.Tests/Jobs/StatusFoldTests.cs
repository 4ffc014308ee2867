using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Tests.Jobs;

public sealed class StatusFoldTests
{
    /// <summary>Of the map 10-29: a full slice, and one with a deleted job.</summary>
    private static readonly MapSlice[] Map =
    [
        new(10, 19, 10, Counts(done: 9, error: 1)),
        new(20, 29, 10, Counts(deleted: 1, done: 9)),
    ];

    [Theory]
    [InlineData("1-40", "1-9 10-19:10=10 20-29:10 30-40")]
    [InlineData("12-15", "12-15:10")]
    [InlineData("5-15", "5-9 10-15:10")]
    [InlineData("25-25", "25-25:10")]
    [InlineData("30-40", "30-40")]
    public void A_range_is_split_at_the_slices_of_maps(string range, string parts)
    {
        var split = StatusFold.Split(Range(range), 0, Map);

        Assert.Equal(
            parts,
            string.Join(
                ' ',
                split.Select(part =>
                    $"{part.First}-{part.Last}"
                    + (part.Map > 0 ? $":{part.Map}" : "")
                    + (part.Counts is { } counts ? $"={counts.Sum()}" : "")
                )
            )
        );
    }

    [Fact]
    public void The_jobs_of_a_map_are_one_row_and_others_are_rows_by_status()
    {
        var parts = StatusFold.Split(Range("8-31"), 0, Map);
        StatusRun[] runs =
        [
            Run(8, 2, Status.Done),
            Run(20, 5, Status.Done),
            Run(26, 4, Status.Done),
            Run(30, 2, Status.Done),
        ];

        Assert.Equal(
            [
                Row(8, 9, false, Counts(done: 2)),
                Row(10, 29, true, Counts(done: 18, error: 1)),
                Row(30, 31, false, Counts(done: 2)),
            ],
            StatusFold.Rows(parts, runs)
        );
    }

    [Fact]
    public void Jobs_of_a_map_that_are_selected_apart_are_rows_of_their_own()
    {
        StatusPart[] parts =
        [
            .. StatusFold.Split(Range("12-12"), 0, Map),
            .. StatusFold.Split(Range("14-15"), 1, Map),
            .. StatusFold.Split(Range("16-16"), 2, Map),
        ];
        StatusRun[] runs = [Run(12, 1, Status.Done), Run(14, 3, Status.Error)];

        Assert.Equal(
            [Row(12, 12, true, Counts(done: 1)), Row(14, 16, true, Counts(error: 3))],
            StatusFold.Rows(parts, runs)
        );
    }

    [Fact]
    public void A_map_of_a_million_is_one_row_without_a_question_to_its_segments()
    {
        var slices = Enumerable
            .Range(0, 1_000)
            .Select(i => new MapSlice(1 + i * 1_000, (i + 1) * 1_000, 1, Counts(done: 1_000)));
        var parts = StatusFold.Split(Range("1-1000000"), 0, slices).ToList();

        Assert.All(parts, part => Assert.NotNull(part.Counts));
        Assert.Equal(
            [Row(1, 1_000_000, true, Counts(done: 1_000_000))],
            StatusFold.Rows(parts, [])
        );
    }

    private static JidRange Range(string text) =>
        JidNotation.Parse(text).Value!.Items.Single().Range;

    private static StatusRun Run(long first, long count, Status status) =>
        new()
        {
            First = first,
            Count = count,
            Status = status,
        };

    private static StatusRow Row(long first, long last, bool isMap, long[] counts) =>
        new()
        {
            First = first,
            Last = last,
            IsMap = isMap,
            Counts = { counts },
        };

    private static long[] Counts(long deleted = 0, long done = 0, long error = 0) =>
        [deleted, 0, 0, 0, done, error, 0, 0];
}
