using JobCloud.Protocol.Accounts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Protocol.Tests.Accounts;

public class AccountTests
{
    [Theory]
    [InlineData("ann", "", "ann")]
    [InlineData("ci", "", "builder")]
    [InlineData("ci", "games", "games")]
    [InlineData("root", "root", "root")]
    [InlineData("root", "games", "games")]
    public void A_user_has_the_proven_account_else_the_mapped_one_else_that_of_the_same_name(
        string user,
        string proven,
        string account
    ) => Assert.Equal(account, Mapping("ci=builder").AccountOf(user, proven).Value);

    [Fact]
    public void A_user_named_root_without_proof_is_not_root() =>
        Assert.Contains(
            "only if root submits them through the socket",
            AccountMapping.None.AccountOf("root", "").Error!.Message
        );

    [Fact]
    public void A_user_named_root_can_have_another_account() =>
        Assert.Equal("games", Mapping("root = games").AccountOf("root", "").Value);

    [Theory]
    [InlineData("ann", "names no user")]
    [InlineData("=ann", "names no user")]
    [InlineData("ann=", "must be 1 to 64")]
    [InlineData("ann=root", "not root")]
    [InlineData("ann=-x", "must be")]
    [InlineData("ann=a:b", "must be")]
    public void An_invalid_mapping_is_reported(string item, string problem) =>
        Assert.Contains(problem, AccountMapping.Parse([item]).Error!.Message);

    [Fact]
    public void A_user_has_one_account() =>
        Assert.Contains("two accounts", AccountMapping.Parse(["a=b", "a=c"]).Error!.Message);

    [Theory]
    [InlineData("owner", true)]
    [InlineData("nobody", true)]
    [InlineData("root", false)]
    [InlineData("", false)]
    [InlineData("no such", false)]
    public void The_one_account_of_all_jobs_is_never_root(string text, bool valid) =>
        Assert.Equal(valid, RunAs.TryPut(new ExecutorLimits(), text));

    [Theory]
    [InlineData("ann", "owner", "ann")]
    [InlineData("root", "", "root")]
    [InlineData("ann", "nobody", "nobody")]
    [InlineData("root", "nobody", "nobody")]
    public void The_setting_chooses_the_owner_or_one_account_for_all(
        string account,
        string setting,
        string chosen
    ) => Assert.Equal(chosen, RunAs.Choose(account, setting));

    [Theory]
    [InlineData("dev", "owner", "")]
    [InlineData("", "owner", "")]
    [InlineData("dev", "dev", "")]
    [InlineData("ann", "owner", "runs only the jobs of dev, not of ann")]
    [InlineData("nobody", "nobody", "cannot start jobs as nobody")]
    public void A_node_of_an_ordinary_user_runs_jobs_of_its_own_account_only(
        string chosen,
        string setting,
        string reason
    )
    {
        var against = RunAs.ReasonAgainst(chosen, "dev", setting, "n1");
        if (reason.Length == 0)
            Assert.Null(against);
        else
            Assert.Contains(reason, against);
    }

    [Theory]
    [InlineData("root", "owner", "ann", "")]
    [InlineData("root", "owner", "ghost", "has no account ghost")]
    [InlineData("root", "ann", "ghost", "")]
    [InlineData("dev", "owner", "dev", "")]
    [InlineData("dev", "owner", "ann", "will not start here: node n1 runs as dev")]
    [InlineData("dev", "dev", "ann", "")]
    public void The_creator_of_a_token_learns_that_its_jobs_cannot_start(
        string own,
        string setting,
        string account,
        string note
    )
    {
        var told = RunAs.NoteOn(account, own, setting, "n1", name => name == "ann");
        if (note.Length == 0)
            Assert.Empty(told);
        else
            Assert.Contains(note, told);
    }

    private static AccountMapping Mapping(string item) => AccountMapping.Parse([item]).Value!;
}
