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
        CloudCalls.Events,
        CloudCalls.Explain,
        CloudCalls.List,
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
    public void Who_may_what_with_whose_jobs(string name, Role role, bool own)
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
    public void A_refusal_says_who_may()
    {
        var refusal = AccessRules.Judge(CloudCalls.Kill, Role.ReadOnly)!;
        Assert.Equal(RefusalCode.NotAllowed, refusal.Code);
        Assert.Equal(
            "You have the role read-only; only a user or an admin may kill jobs.",
            refusal.Message
        );
    }

    [Fact]
    public void Roles_are_read_as_they_are_written()
    {
        foreach (var word in RoleWords.All)
            Assert.Equal(word, RoleWords.Of(RoleWords.Parse(word)));
        Assert.Equal(Role.Unspecified, RoleWords.Parse("root"));
    }
}
