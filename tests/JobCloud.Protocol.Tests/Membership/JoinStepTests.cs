using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Tests.Membership;

public class JoinStepTests
{
    private const string Self = "a:1";
    private static readonly TimeSpan FormAfter = TimeSpan.FromSeconds(5);

    [Fact]
    public void The_first_node_of_a_store_forms_the_cloud_at_once() =>
        Assert.IsType<JoinStep.Form>(Next([], [], watched: 0));

    [Fact]
    public void A_node_asks_the_members_that_the_store_names_the_liveliest_first() =>
        Assert.Equal(["c:1", "b:1"], Asked(Next([Row("b:1", 3), Row("c:1", 1)], [], watched: 0)));

    [Fact]
    public void Members_that_live_are_asked_for_as_long_as_it_takes() =>
        Assert.Equal(["b:1"], Asked(Next([Row("b:1", 1)], [], watched: 1000)));

    [Fact]
    public void Members_that_were_silent_while_the_store_was_away_are_heard_first() =>
        Assert.Equal(["b:1"], Asked(Next([Row("b:1", 600)], [], watched: 4)));

    [Fact]
    public void Members_that_stay_silent_are_not_waited_for() =>
        Assert.IsType<JoinStep.Form>(Next([Row("b:1", 6)], [], watched: 5));

    [Fact]
    public void Nodes_that_left_or_were_put_out_are_no_members() =>
        Assert.IsType<JoinStep.Form>(Next([Row("b:1", 0) with { Member = false }], [], 0));

    [Fact]
    public void Seeds_are_asked_too_and_once() =>
        Assert.Equal(["b:1", "c:1"], Asked(Next([Row("b:1", 0)], ["b:1", "c:1", Self], 0)));

    [Fact]
    public void A_seed_that_nobody_answers_forms_the_cloud()
    {
        Assert.Equal(["b:1"], Asked(Next([], [Self, "b:1"], watched: 4)));
        Assert.IsType<JoinStep.Form>(Next([], [Self, "b:1"], watched: 5));
        Assert.IsType<JoinStep.Form>(Next([], [Self], watched: 0));
    }

    private static NodeRow Row(string address, double silent) =>
        new(address, address, 1, Member: true, TimeSpan.FromSeconds(silent));

    private static JoinStep Next(NodeRow[] others, string[] seeds, double watched) =>
        JoinStep.Next(others, seeds, Self, TimeSpan.FromSeconds(watched), FormAfter);

    private static IReadOnlyList<string> Asked(JoinStep step) =>
        Assert.IsType<JoinStep.Ask>(step).Addresses;
}
