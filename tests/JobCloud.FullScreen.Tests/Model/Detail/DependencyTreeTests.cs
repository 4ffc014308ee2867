using FsCheck.Xunit;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Model.Detail;

namespace JobCloud.FullScreen.Tests.Model.Detail;

public sealed class DependencyTreeTests
{
    [Fact]
    public void A_job_is_shown_below_the_one_that_depends_on_it()
    {
        var jobs = Jobs((9, [7, 8]), (8, [5]), (7, [5, 6]), (6, []), (5, []));
        jobs[9].Dependents.Add(12);
        jobs[12] = new JobDetail { Jid = 12, Status = Status.Waiting };
        Assert.Equal(
            [
                "depends on",
                "├─ 7  done",
                "│  ├─ 5  done",
                "│  └─ 6  done",
                "└─ 8  done",
                "   └─ 5  done  (see above)",
                "needed by",
                "└─ 12  waiting",
            ],
            Texts(DependencyTree.Of(jobs[9], new Relatives(jobs, [])))
        );
    }

    [Fact]
    public void A_long_range_is_one_row_with_the_worst_status_of_its_jobs()
    {
        var job = new JobDetail
        {
            Jid = 900,
            Spec = new JobSpec { DependsOn = { JidRanges.Range(1, 800) } },
        };
        StatusRun[] statuses =
        [
            new()
            {
                First = 1,
                Count = 500,
                Status = Status.Done,
            },
            new()
            {
                First = 501,
                Count = 1,
                Status = Status.Error,
            },
            new()
            {
                First = 502,
                Count = 299,
                Status = Status.Processing,
            },
        ];
        var tree = DependencyTree.Of(job, Relatives.None with { Statuses = statuses });
        Assert.Equal(["depends on", "└─ 1-800  error"], Texts(tree));
        Assert.Null(tree.Missing);
    }

    [Fact]
    public void Jobs_that_are_not_known_are_asked_for_one_after_the_other()
    {
        var all = Jobs((9, [7, 8]), (8, [5]), (7, [5, 6]), (6, []), (5, []));
        var known = new Dictionary<long, JobDetail>();
        var asked = new List<long>();
        while (DependencyTree.Of(all[9], new Relatives(known, [])).Missing is { } jid)
        {
            asked.Add(jid);
            known[jid] = all[jid];
        }
        Assert.Equal([7L, 5, 6, 8], asked);
    }

    [Property]
    public bool A_tree_of_any_dependencies_is_finite_and_bounded(List<(byte, byte)> edges)
    {
        var jobs = Enumerable.Range(0, 256).ToDictionary(jid => (long)jid + 1, Job);
        foreach (var (from, to) in edges)
        {
            jobs[from + 1L].Spec.DependsOn.Add(JidRanges.Range(to + 1, to + 1));
            jobs[to + 1L].Dependents.Add(from + 1);
        }
        return jobs
            .Values.Take(8)
            .All(job =>
                DependencyTree.Of(job, new Relatives(jobs, [])) is { Missing: null } tree
                && tree.Rows.Count <= DependencyTree.MaxRows + 3
            );

        static JobDetail Job(int jid) => new() { Jid = jid + 1, Spec = new JobSpec() };
    }

    private static Dictionary<long, JobDetail> Jobs(params (long Jid, long[] DependsOn)[] jobs) =>
        jobs.ToDictionary(
            job => job.Jid,
            job => new JobDetail
            {
                Jid = job.Jid,
                Status = Status.Done,
                Spec = new JobSpec
                {
                    DependsOn = { job.DependsOn.Select(jid => JidRanges.Range(jid, jid)) },
                },
            }
        );

    private static IEnumerable<string> Texts(DependencyTree tree) =>
        tree.Rows.Select(row => row.Text);
}
