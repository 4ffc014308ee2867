using FsCheck.Xunit;
using JobCloud.FullScreen.Tests.Screens;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Queries;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

/// <summary>The view equals the result of the query evaluator on all rows, whatever
/// changes.</summary>
public sealed class JobIndexTests
{
    private const long Now = Samples.Now;

    private static readonly string[] Queries =
    [
        "",
        "status=error,killed",
        "owner=me not label=night",
        "make",
        "runtime>4m sort=-runtime",
        "created<25m",
        "sort=label",
        "sort=-node,priority",
        "sort=status,-cores limit 7",
        "sort=reason",
        "failed>0 or jobs>1",
    ];

    [Property(Arbitrary = [typeof(Generators), typeof(JobGenerators), typeof(QueryGenerators)])]
    public bool The_view_equals_the_evaluators_result_on_all_rows(
        BoundQuery bound,
        List<(byte Jid, byte Kind)>[] ticks
    )
    {
        var (index, rows) = (new JobIndex(new UsageTracker()), new Dictionary<long, JobRow>());
        index.SetQuery(new TableQuery(bound));
        var view = JobsView.Empty;
        foreach (var tick in ticks)
        {
            foreach (var (jid, kind) in tick)
                Change(index, rows, jid % 40 + 1, kind);
            view = index.Take(view, Now);
        }
        view = index.Take(view, Now);
        return view.Total == rows.Count
            && view.Rows.SequenceEqual(QueryEvaluator.Run(bound, rows.Values, Now));
    }

    [Property]
    public bool A_new_query_over_the_same_rows_is_evaluated_again(
        List<(byte Jid, byte Kind)> changes,
        byte one,
        byte other
    )
    {
        var (index, rows) = (new JobIndex(new UsageTracker()), new Dictionary<long, JobRow>());
        foreach (var (jid, kind) in changes)
            Change(index, rows, jid % 40 + 1, kind);
        index.SetQuery(new TableQuery(Bound(Queries[one % Queries.Length])));
        var view = index.Take(JobsView.Empty, Now);
        var bound = Bound(Queries[other % Queries.Length]);
        index.SetQuery(new TableQuery(bound));
        view = index.Take(view, Now);
        return view.Rows.SequenceEqual(QueryEvaluator.Run(bound, rows.Values, Now));
    }

    [Fact]
    public void An_unchanged_index_returns_the_same_view()
    {
        var index = new JobIndex(new UsageTracker());
        index.Set(Samples.Job(1, Status.Done));
        var view = index.Take(JobsView.Empty, Now);
        Assert.Same(view, index.Take(view, Now + 60_000_000));
    }

    [Fact]
    public void A_filter_by_age_is_evaluated_again_as_time_passes()
    {
        var index = new JobIndex(new UsageTracker());
        var row = Samples.Job(1, Status.Done);
        row.Created = Now - 9_000_000;
        index.Set(row);
        index.SetQuery(new TableQuery(Bound("created>10s")));
        var view = index.Take(JobsView.Empty, Now);
        Assert.Single(view.Rows);
        Assert.Empty(index.Take(view, Now + 2_000_000).Rows);
    }

    private static BoundQuery Bound(string text) => QueryBinder.Read(text, "alice").Value;

    private static void Change(JobIndex index, Dictionary<long, JobRow> rows, long jid, byte kind)
    {
        if (kind % 9 == 0)
        {
            index.Remove(jid);
            rows.Remove(jid);
            return;
        }
        var row =
            kind % 9 == 8
                ? Samples.Map(jid, 0, 0, kind % 3, 1, kind % 5, 1, 0, 0)
                : Samples.Job(jid, (Status)(kind % 9), kind);
        index.Set(row);
        rows[jid] = row;
    }
}
