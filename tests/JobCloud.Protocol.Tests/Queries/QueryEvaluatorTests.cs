using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Queries;

[Properties(
    Arbitrary = [typeof(Generators), typeof(JobGenerators), typeof(QueryGenerators)],
    MaxTest = 300
)]
public sealed class QueryEvaluatorTests
{
    private const long Now = Generators.Now;

    [Property]
    public void Not_is_the_complement(BoundQuery query, JobRow row)
    {
        if (query.Filter is not { } filter)
            return;
        var not = new BoundNode.Not(filter);
        Assert.NotEqual(
            QueryEvaluator.Matches(filter, row, Now),
            QueryEvaluator.Matches(not, row, Now)
        );
    }

    [Property]
    public void A_negated_operator_is_the_complement_of_its_positive(JobRow row, Status status)
    {
        if (!Enum.IsDefined(status) || status == Status.Unspecified)
            return;
        var word = StatusNames.Of(status);
        Assert.NotEqual(Matches($"status={word}", row), Matches($"status!={word}", row));
        Assert.NotEqual(Matches("label~a", row), Matches("label!~a", row));
    }

    [Property]
    public void Sorting_is_a_permutation_in_order(BoundQuery query, JobRow[] rows)
    {
        var sorted = rows.ToList();
        QueryEvaluator.Sort(query, sorted, Now);
        Assert.Equal(rows.OrderBy(Key), sorted.OrderBy(Key));
        Assert.All(
            sorted.Zip(sorted.Skip(1)),
            pair => Assert.True(QueryEvaluator.Compare(query, pair.First, pair.Second, Now) <= 0)
        );
        static string Key(JobRow row) => row.ToString();
    }

    [Property]
    public void Run_returns_the_first_matching_rows(BoundQuery query, JobRow[] rows)
    {
        var found = QueryEvaluator.Run(query, rows, Now);
        var matching = rows.Count(row => QueryEvaluator.Matches(query, row, Now));
        Assert.Equal(Math.Min(matching, query.Limit ?? int.MaxValue), found.Count);
        Assert.All(found, row => Assert.True(QueryEvaluator.Matches(query, row, Now)));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("status=error", true)]
    [InlineData("status=done,queued", true)]
    [InlineData("status=killed", false)]
    [InlineData("jid=12", true)]
    [InlineData("jid=20", false)]
    [InlineData("jid>14", false)]
    [InlineData("label=\"Nightly build\"", true)]
    [InlineData("label=nightly", false)]
    [InlineData("label~nightly", true)]
    [InlineData("night", true)]
    [InlineData("GCC", true)]
    [InlineData("nosuch", false)]
    [InlineData("owner=me", true)]
    [InlineData("owner!=me", false)]
    [InlineData("priority<3", true)]
    [InlineData("priority<=2 priority>=2", true)]
    [InlineData("jobs=5 failed=1", true)]
    [InlineData("created>2h", true)]
    [InlineData("created<2h", false)]
    [InlineData("created>2026-11-22T14:00", true)]
    [InlineData("created>2026-11-23", false)]
    [InlineData("runtime>29m runtime<31m", true)]
    [InlineData("finished>2h", false)]
    [InlineData("not finished>2h", true)]
    [InlineData("reason~\"exit 3\"", true)]
    [InlineData("node=n1 or label~night", true)]
    [InlineData("node=n1 label~night", false)]
    public void Conditions_match_as_documented(string text, bool matches)
    {
        var row = new JobRow
        {
            First = 10,
            Last = 14,
            Counts = { 0, 0, 0, 0, 4, 1, 0, 0 },
            Label = "Nightly build",
            Command = "gcc -c x.c",
            Owner = "ada",
            Priority = 2,
            Created = Now - Hours(1),
            Started = Now - Hours(1) / 2,
            Reason = new Reason { Code = ReasonCode.Exit, Number = 3 },
        };
        Assert.Equal(matches, Matches(text, row));
    }

    [Theory]
    [InlineData("", "3 2 1")]
    [InlineData("sort=jid", "1 2 3")]
    [InlineData("sort=label", "2 3 1")]
    [InlineData("sort=-label", "3 2 1")]
    [InlineData("sort=finished", "1 3 2")]
    [InlineData("sort=-finished", "3 1 2")]
    [InlineData("sort=priority,jid", "1 2 3")]
    [InlineData("limit 2", "3 2")]
    public void Rows_are_sorted_with_missing_values_last(string text, string jids)
    {
        JobRow[] rows =
        [
            new() { First = 1, Finished = 5 },
            new() { First = 2, Label = "a" },
            new()
            {
                First = 3,
                Label = "b",
                Finished = 7,
            },
        ];
        var found = QueryEvaluator.Run(QueryBinder.Read(text, "ada").Value, rows, Now);
        Assert.Equal(jids, string.Join(' ', found.Select(row => row.First)));
    }

    private static bool Matches(string text, JobRow row)
    {
        var query = QueryBinder.Read(text, "ada");
        Assert.Empty(query.Errors);
        return QueryEvaluator.Matches(query.Value, row, Now);
    }

    private static long Hours(int hours) => hours * 3_600_000_000L;
}
