using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Tests.Membership;

public class JoinStepTests
{
    private const string Self = "a:1";
    private static readonly TimeSpan FormAfter = TimeSpan.FromSeconds(5);

    [Fact]
    public void The_first_node_of_a_store_forms_the_cluster_at_once() =>
        Assert.IsType<JoinStep.Form>(Next([], [], watched: 0));

    [Fact]
    public void A_node_asks_the_members_in_the_store_most_recent_first() =>
        Assert.Equal(["c:1", "b:1"], Asked(Next([Row("b:1", 3), Row("c:1", 1)], [], watched: 0)));

    [Fact]
    public void Live_members_are_asked_without_a_time_limit() =>
        Assert.Equal(["b:1"], Asked(Next([Row("b:1", 1)], [], watched: 1000)));

    [Fact]
    public void Silent_members_are_asked_until_the_store_was_watched() =>
        Assert.Equal(["b:1"], Asked(Next([Row("b:1", 600)], [], watched: 4)));

    [Fact]
    public void A_node_does_not_wait_for_members_that_stay_silent() =>
        Assert.IsType<JoinStep.Form>(Next([Row("b:1", 6)], [], watched: 5));

    [Fact]
    public void Removed_nodes_do_not_count_as_members() =>
        Assert.IsType<JoinStep.Form>(Next([Row("b:1", 0) with { Member = false }], [], 0));

    [Fact]
    public void Seeds_are_asked_too_without_duplicates() =>
        Assert.Equal(["b:1", "c:1"], Asked(Next([Row("b:1", 0)], ["b:1", "c:1", Self], 0)));

    [Fact]
    public void A_seed_without_answers_forms_the_cluster()
    {
        Assert.Equal(["b:1"], Asked(Next([], [Self, "b:1"], watched: 4)));
        Assert.IsType<JoinStep.Form>(Next([], [Self, "b:1"], watched: 5));
        Assert.IsType<JoinStep.Form>(Next([], [Self], watched: 0));
    }

    private static StoredNode Row(string address, double silent) =>
        new(address, address, 1, Member: true, TimeSpan.FromSeconds(silent));

    private static JoinStep Next(StoredNode[] others, string[] seeds, double watched) =>
        JoinStep.Next(others, seeds, Self, TimeSpan.FromSeconds(watched), FormAfter);

    private static IReadOnlyList<string> Asked(JoinStep step) =>
        Assert.IsType<JoinStep.Ask>(step).Addresses;
}
