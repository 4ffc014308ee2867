using JobCloud.Protocol.Access;

namespace JobCloud.Protocol.Tests.Access;

public sealed class PeerRulesTests
{
    private static readonly PeerJob OfAnn = new("ann", "ann", "ann", IsClaim: false);
    private static readonly PeerJob Unknown = new(null, "", "", IsClaim: false);

    [Theory]
    [InlineData("root", true, Role.Admin)]
    [InlineData("node", true, Role.Admin)]
    [InlineData("ann", false, Role.User)]
    public void A_process_outside_of_jobs_speaks_for_its_account(
        string account,
        bool isNodeAccount,
        Role role
    ) =>
        Assert.Equal(
            new PeerCaller(account, role, account),
            PeerRules.Decide(new(account, isNodeAccount, Job: null))
        );

    [Theory]
    [InlineData("root", true)]
    [InlineData("ann", false)]
    [InlineData("nobody", false)]
    public void A_process_of_a_job_speaks_for_the_owner_as_a_user(
        string account,
        bool isNodeAccount
    ) =>
        Assert.Equal(
            new PeerCaller("ann", Role.User, "ann"),
            PeerRules.Decide(new(account, isNodeAccount, OfAnn))
        );

    [Fact]
    public void The_jobs_of_a_job_run_as_the_account_of_the_outer_job() =>
        Assert.Equal(
            new PeerCaller("ann", Role.User, "guest"),
            PeerRules.Decide(new("guest", false, new PeerJob("ann", "guest", "guest", false)))
        );

    [Theory]
    [InlineData("root", true, true)]
    [InlineData("ann", false, true)]
    [InlineData("bob", false, false)]
    public void A_claim_counts_only_among_processes_of_one_account(
        string account,
        bool isNodeAccount,
        bool counts
    ) =>
        Assert.Equal(
            counts ? new PeerCaller("ann", Role.User, "ann") : null,
            PeerRules.Decide(new(account, isNodeAccount, OfAnn with { IsClaim = true }))
        );

    [Fact]
    public void A_process_of_an_unknown_job_acts_for_no_user() =>
        Assert.All(
            new[] { ("root", true), ("ann", false) },
            peer => Assert.Null(PeerRules.Decide(new(peer.Item1, peer.Item2, Unknown)))
        );
}
