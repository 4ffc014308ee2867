using JobCloud.Protocol;

namespace JobCloud.Chaos.Tests;

public class CheckerTests
{
    private static readonly JobOutcome Good = Fate(
        Status.Done,
        attempt: 2,
        "7 1 n1 start 1.0",
        "7 1 n1 alive 1.1",
        "7 2 n2 start 9.0",
        "7 2 n2 end 9.5"
    );

    [Fact]
    public void A_job_that_ran_again_after_a_node_loss_is_not_a_violation() =>
        Assert.Empty(Checker.Check([Good], []));

    [Fact]
    public void A_finished_job_may_run_again_if_its_end_was_never_reported() =>
        Assert.Empty(
            Checker.Check(
                [
                    Fate(
                        Status.Done,
                        2,
                        "7 1 n1 start 1.0",
                        "7 1 n1 end 1.1",
                        "7 2 n2 start 9.0",
                        "7 2 n2 end 9.5"
                    ),
                ],
                []
            )
        );

    public static TheoryData<JobOutcome, string> Bad { get; } =
        new()
        {
            { Good with { Status = null }, "is lost" },
            { Good with { Status = Status.Processing }, "not ended" },
            { Good with { Status = Status.Killed }, "unexpected final status" },
            { Good with { Status = Status.Error }, "only nodes failed" },
            { Good with { Attempt = 1 }, "the cloud knows only 1" },
            { Good with { Attempt = 3 }, "did not finish" },
            { Good with { Jid = 8 }, "submitted twice" },
            {
                Fate(
                    Status.Done,
                    2,
                    "7 1 n1 start 1",
                    "7 2 n2 start 2",
                    "7 1 n1 alive 3",
                    "7 2 n2 end 4"
                ),
                "ran 1.000 s alongside attempt 2"
            },
            {
                Fate(Status.Done, 1, "7 1 n1 start 1", "7 1 n2 start 2", "7 1 n2 end 3"),
                "started twice"
            },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_violation_is_reported(JobOutcome job, string what) =>
        Assert.Contains(Checker.Check([job], []), violation => violation.What.Contains(what));

    [Fact]
    public void Duplicate_jids_and_leftover_processes_are_violations()
    {
        Assert.Contains("two submissions", Checker.Check([Good, Good], [])[0].What);
        Assert.Equal(
            "leftover process: sleep",
            Assert.Single(Checker.Check([Good], ["sleep"])).What
        );
    }

    [Fact]
    public void A_run_is_judged_also_if_a_node_or_all_of_them_stay_away()
    {
        Assert.Empty(Checker.Check([Good], [], away: [], refused: 0));
        Assert.Equal(
            "node n3 stayed away",
            Assert.Single(Checker.Check([Good], [], away: ["n3"], refused: 0)).What
        );
        Assert.Equal(
            [
                "no node answers: what became of the jobs is unknown",
                "node n1 stayed away",
                "2 submissions were never accepted",
            ],
            Checker.Check(null, [], away: ["n1"], refused: 2).Select(violation => violation.What)
        );
    }

    [Fact]
    public async Task The_first_answer_counts_and_silence_is_not_waited_for()
    {
        var never = new TaskCompletionSource<string?>();
        Assert.Equal(
            "here",
            await Answers.FirstAsync([
                never.Task,
                Task.FromResult<string?>(null),
                Task.FromResult<string?>("here"),
            ])
        );
        Assert.Null(await Answers.FirstAsync([Task.FromResult<string?>(null)]));
    }

    [Fact]
    public void A_job_that_is_not_restartable_may_fail_with_its_node() =>
        Assert.Empty(
            Checker.Check(
                [Fate(Status.Error, 1, "7 1 n1 start 1.0") with { Restartable = false }],
                []
            )
        );

    [Fact]
    public void A_truncated_line_is_not_parsed() =>
        Assert.Equal(
            Mark.Alive,
            Traces.Parse("7 1 n1 start 1.0\n7 1 n1 alive 1.1\n7 1 n")[^1].Mark
        );

    [Fact]
    public void The_same_seed_plans_the_same_faults() => Assert.Equal(Plan(7), Plan(7));

    [Fact]
    public void Every_kind_of_fault_is_used_before_any_is_repeated()
    {
        var kinds = Enum.GetValues<FaultKind>();
        Assert.Equal(kinds, Plan(7).Take(kinds.Length).Select(fault => fault.Kind).Order());
    }

    [Fact]
    public void The_catalogue_contains_every_kind_once() =>
        Assert.Equal(Enum.GetValues<FaultKind>(), FaultKinds.All.Select(shape => shape.Kind));

    private static IReadOnlyList<Fault> Plan(int seed) =>
        Fault.Plan(seed, nodes: 3, count: 40, Enum.GetValues<FaultKind>());

    private static JobOutcome Fate(Status status, int attempt, params string[] lines) =>
        new("t", 7, true, status, attempt, Traces.Parse(string.Join('\n', lines) + "\n"));
}
