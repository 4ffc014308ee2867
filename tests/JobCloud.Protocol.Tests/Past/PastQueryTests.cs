using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Past;
using JobCloud.Protocol.Queries;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Past;

public sealed class PastQueryTests
{
    private const long At = Generators.Now;

    [Property(MaxTest = 300, Arbitrary = [typeof(QueryGenerators)])]
    public void The_past_query_finds_every_row_that_matched_then(BoundQuery query, int seed)
    {
        var random = new System.Random(seed);
        for (var i = 0; i < 20; i++)
        {
            var row = RowValues.Filled(
                new JobRow
                {
                    First = i + 1,
                    Last = i + 1,
                    Counts = { 0, 0, 0, 0, 1, 0, 0, 0 },
                },
                random,
                null
            );
            row.Created = Math.Max(1, row.Created);
            if (PastJobs.At(row, At) is { } past && QueryEvaluator.Matches(query, past, At))
                Assert.True(QueryEvaluator.Matches(PastQuery.Of(query, At), row, At));
        }
    }

    [Theory]
    [InlineData("label=a", false)]
    [InlineData("status=error", true)]
    [InlineData("label=a status=error", false)]
    [InlineData("label=a or status=error", true)]
    [InlineData("not label=b", true)]
    [InlineData("not (label=b status=error)", true)]
    [InlineData("created>1d", true)]
    public void The_past_query_tests_only_fixed_values(string text, bool finds)
    {
        var row = new JobRow
        {
            First = 1,
            Last = 1,
            Label = "c",
            Created = At - 1,
            Counts = { 0, 0, 0, 0, 1, 0, 0, 0 },
        };
        var query = PastQuery.Of(QueryBinder.Read(text, "me").Value, At);
        Assert.Equal(finds, QueryEvaluator.Matches(query, row, At));
        row.Created = At + 1;
        Assert.False(QueryEvaluator.Matches(query, row, At));
    }
}
