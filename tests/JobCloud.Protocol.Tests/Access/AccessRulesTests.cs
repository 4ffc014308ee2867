using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Tests.Access;

public class AccessRulesTests
{
    private static readonly RequestKind[] Reads =
    [
        RequestKind.Status,
        RequestKind.Await,
        RequestKind.Info,
        RequestKind.Output,
        RequestKind.Events,
        RequestKind.Explain,
        RequestKind.List,
        RequestKind.Nodes,
        RequestKind.NodeStatus,
        RequestKind.Definitions,
        RequestKind.Ticket,
    ];

    private static readonly RequestKind[] Admins =
    [
        RequestKind.Drain,
        RequestKind.Config,
        RequestKind.Tokens,
        RequestKind.CreateToken,
        RequestKind.RevokeToken,
    ];

    public static TheoryData<RequestKind, Role, bool> Everything()
    {
        var all = new TheoryData<RequestKind, Role, bool>();
        foreach (var kind in Enum.GetValues<RequestKind>())
        foreach (var role in Enum.GetValues<Role>())
        foreach (var own in new[] { true, false })
            all.Add(kind, role, own);
        return all;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Who_may_what_with_whose_jobs(RequestKind kind, Role role, bool own)
    {
        var expected = role switch
        {
            Role.Admin => true,
            Role.User => own && !Admins.Contains(kind),
            Role.ReadOnly => own && Reads.Contains(kind),
            _ => false,
        };
        Assert.Equal(expected, AccessRules.Allows(kind, role, "ann", own ? "ann" : "bob"));
    }

    [Fact]
    public void Every_call_of_the_service_has_its_rule()
    {
        // A session is an envelope of requests, each judged by itself.
        var calls = Cloud.Descriptor.Methods.Select(m => m.Name).Except(["Session"]);
        Assert.Empty(calls.Except(Enum.GetNames<RequestKind>()));
    }

    [Fact]
    public void A_refusal_says_who_may()
    {
        var refusal = AccessRules.Judge(RequestKind.Kill, Role.ReadOnly)!;
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
