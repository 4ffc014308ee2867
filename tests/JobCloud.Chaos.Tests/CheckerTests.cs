using JobCloud.Protocol;

namespace JobCloud.Chaos.Tests;

public class CheckerTests
{
    private static readonly JobFate Good = Fate(
        Status.Done,
        attempt: 2,
        "7 1 n1 start 1.0",
        "7 1 n1 alive 1.1",
        "7 2 n2 start 9.0",
        "7 2 n2 end 9.5"
    );

    [Fact]
    public void A_job_that_was_lost_with_its_node_and_ran_again_is_as_it_should_be() =>
        Assert.Empty(Checker.Judge([Good], []));

    [Fact]
    public void A_job_that_only_its_node_knows_to_have_come_to_its_end_may_run_again() =>
        Assert.Empty(
            Checker.Judge(
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

    public static TheoryData<JobFate, string> Bad { get; } =
        new()
        {
            { Good with { Status = null }, "is lost" },
            { Good with { Status = Status.Processing }, "has not ended" },
            { Good with { Status = Status.Killed }, "nobody asked for" },
            { Good with { Status = Status.Error }, "nothing but nodes failed" },
            { Good with { Attempt = 1 }, "the cloud knows of 1" },
            { Good with { Attempt = 3 }, "never came to its end" },
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
                "lived 1.000 s beside attempt 2"
            },
            {
                Fate(Status.Done, 1, "7 1 n1 start 1", "7 1 n2 start 2", "7 1 n2 end 3"),
                "started twice"
            },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_must_never_be_is_named(JobFate job, string what) =>
        Assert.Contains(Checker.Judge([job], []), violation => violation.What.Contains(what));

    [Fact]
    public void Two_submissions_never_get_one_jid_and_nothing_is_left_behind()
    {
        Assert.Contains("two submissions", Checker.Judge([Good, Good], [])[0].What);
        Assert.Equal("left behind: sleep", Assert.Single(Checker.Judge([Good], ["sleep"])).What);
    }

    [Fact]
    public void A_job_that_is_not_restartable_may_end_with_its_node() =>
        Assert.Empty(
            Checker.Judge(
                [Fate(Status.Error, 1, "7 1 n1 start 1.0") with { Restartable = false }],
                []
            )
        );

    [Fact]
    public void A_line_that_a_kill_cut_off_is_not_read() =>
        Assert.Equal(
            Mark.Alive,
            Traces.Parse("7 1 n1 start 1.0\n7 1 n1 alive 1.1\n7 1 n")[^1].Mark
        );

    [Fact]
    public void The_same_seed_does_the_same() => Assert.Equal(Plan(7), Plan(7));

    [Fact]
    public void Every_kind_of_fault_is_done_before_any_is_done_again()
    {
        var kinds = Enum.GetValues<FaultKind>();
        Assert.Equal(kinds, Plan(7).Take(kinds.Length).Select(fault => fault.Kind).Order());
    }

    [Fact]
    public void The_catalogue_has_every_kind_once() =>
        Assert.Equal(Enum.GetValues<FaultKind>(), FaultKinds.All.Select(shape => shape.Kind));

    private static IReadOnlyList<Fault> Plan(int seed) =>
        Fault.Plan(seed, nodes: 3, count: 40, Enum.GetValues<FaultKind>());

    private static JobFate Fate(Status status, int attempt, params string[] lines) =>
        new("t", 7, true, status, attempt, Traces.Parse(string.Join('\n', lines) + "\n"));
}
