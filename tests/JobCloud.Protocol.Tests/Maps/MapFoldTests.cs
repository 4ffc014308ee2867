using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Maps;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Queries;

namespace JobCloud.Protocol.Tests.Maps;

public sealed class MapFoldTests
{
    private static readonly Reason Exit1 = new() { Code = ReasonCode.Exit, Number = 1 };

    [Fact]
    public void A_cell_shows_the_job_that_needs_attention_most()
    {
        var fold = Fold(new() { Cells = 2 }, last: 12);
        fold.Add(Facts(10, (Status.Done, 5), (Status.Error, 7), (Status.Processing, 9)));
        var reply = fold.Reply();
        Assert.Equal(2, reply.Cells.Jobs);
        Assert.Equal(
            [Status.Error, Status.Processing],
            reply.Cells.Statuses.Select(s => (Status)s)
        );
        Assert.Equal([7L, 9], reply.Cells.RuntimesUs);
        Assert.Equal(1, reply.Counts[(int)Status.Error]);
    }

    [Fact]
    public void Median_and_maximum_are_of_the_jobs_that_ran_and_ended()
    {
        var fold = Fold(new() { Cells = 9 }, last: 14);
        fold.Add(
            Facts(10, (Status.Done, 5), (Status.Queued, -1), (Status.Done, 50), (Status.Error, 9))
        );
        fold.Add(Facts(14, (Status.Processing, 900)));
        var reply = fold.Reply();
        Assert.Equal((9, 50, 12), (reply.RuntimeMedianUs, reply.RuntimeMaxUs, reply.RuntimeMaxJid));
    }

    [Fact]
    public void Failures_are_grouped_by_status_and_reason()
    {
        var fold = Fold(new() { Failures = true }, last: 99);
        fold.Add(Failed((Status.Error, Exit1, 20, 40), (Status.Killed, null, 1, 41)));
        fold.Add(Failed((Status.Error, Exit1.Clone(), 2, 30)));
        Assert.Equal(
            [(22, 30, Exit1), (1, 41, null)],
            fold.Reply().Failures.Select(g => (g.Count, g.First, (Reason?)g.Reason))
        );
    }

    [Fact]
    public void A_limited_number_of_reasons_is_kept_and_no_failure_is_lost()
    {
        var groups = new FailureGroups();
        for (var i = 1; i <= 1_000; i++)
            groups.Add(Status.Error, new() { Code = ReasonCode.Exit, Number = i }, 1, i);
        var all = groups.Most().ToList();
        Assert.Equal(FailureGroups.MaxReasons + 1, all.Count);
        Assert.Equal(1_000, all.Sum(group => group.Count));
        Assert.Null(all[0].Reason);
    }

    [Theory]
    [InlineData("sort=-runtime", new[] { 12L, 10L, 11L })]
    [InlineData("sort=label,-jid", new[] { 11L, 12L, 10L })]
    [InlineData("", new[] { 10L, 11L, 12L })]
    public void Found_jobs_come_in_the_querys_order(string text, long[] expected)
    {
        var query = QueryBinder.Read(text, "ann").Value;
        var found = new FoundElements(query);
        var read = new ElementsRead { Found = { 10, 11, 12 } };
        foreach (
            var (runtime, label, jid) in new[]
            {
                (5L, "b", 10L),
                (long.MinValue, "a", 11),
                (9, "b", 12),
            }
        )
        foreach (var key in query.Sort)
        {
            read.Ranks.Add(key.Field.Name == "jid" ? jid : runtime);
            read.Texts.Add(label);
        }
        found.Add(read);
        var steps = new List<long>();
        found.Write(steps, 10);
        var at = 10L;
        Assert.Equal(expected, steps.Select(step => at += step));
    }

    private static MapFold Fold(MapViewRequest request, long last) =>
        new(request, 10, last, new FoundElements(new BoundQuery(null, [], null)));

    private static ElementsRead Facts(long first, params (Status Status, long Runtime)[] jobs) =>
        new()
        {
            First = first,
            Statuses = ByteString.CopyFrom([.. jobs.Select(job => (byte)job.Status)]),
            RuntimesUs = { jobs.Select(job => job.Runtime) },
            MemoryBytes = { jobs.Select(_ => 0L) },
        };

    private static ElementsRead Failed(params (Status, Reason?, long, long)[] groups) =>
        new()
        {
            Failures =
            {
                groups.Select(group => new FailureGroup
                {
                    Status = group.Item1,
                    Reason = group.Item2,
                    Count = group.Item3,
                    First = group.Item4,
                }),
            },
        };
}
