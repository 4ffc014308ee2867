using JobCloud.Protocol.Access;

namespace JobCloud.Protocol.Tests.Access;

public class AccessRulesTests
{
    private static readonly Call[] Reads =
    [
        CloudCalls.Status,
        CloudCalls.Await,
        CloudCalls.Info,
        CloudCalls.Output,
        CloudCalls.Search,
        CloudCalls.Files,
        CloudCalls.Events,
        CloudCalls.Explain,
        CloudCalls.Forecast,
        CloudCalls.List,
        CloudCalls.Map,
        CloudCalls.Activity,
        CloudCalls.Nodes,
        CloudCalls.NodeStatus,
        CloudCalls.Definitions,
        CloudCalls.Ticket,
    ];

    private static readonly Call[] Admins =
    [
        CloudCalls.Drain,
        CloudCalls.Config,
        CloudCalls.Tokens,
        CloudCalls.Denials,
        CloudCalls.Deny,
        CloudCalls.CreateToken,
        CloudCalls.RevokeToken,
    ];

    public static TheoryData<string, Role, bool> Everything()
    {
        var all = new TheoryData<string, Role, bool>();
        foreach (var call in CloudCalls.All)
        foreach (var role in Enum.GetValues<Role>())
        foreach (var own in new[] { true, false })
            all.Add(call.Name, role, own);
        return all;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Access_depends_on_the_role_and_the_owner(string name, Role role, bool own)
    {
        var call = CloudCalls.Find(name)!;
        var expected = role switch
        {
            Role.Admin => true,
            Role.User => own && !Admins.Contains(call),
            Role.ReadOnly => own && Reads.Contains(call),
            _ => false,
        };
        Assert.Equal(expected, AccessRules.Allows(call, role, "ann", own ? "ann" : "bob"));
    }

    [Fact]
    public void A_refusal_names_the_required_role()
    {
        var refusal = AccessRules.Check(CloudCalls.Kill, Role.ReadOnly)!;
        Assert.Equal(RefusalCode.NotAllowed, refusal.Code);
        Assert.Equal(
            "You have the role read-only; only a user or an admin may kill jobs.",
            refusal.Message
        );
    }

    [Fact]
    public void Role_names_round_trip()
    {
        foreach (var word in RoleNames.All)
            Assert.Equal(word, RoleNames.Of(RoleNames.Parse(word)));
        Assert.Equal(Role.Unspecified, RoleNames.Parse("root"));
    }
}
