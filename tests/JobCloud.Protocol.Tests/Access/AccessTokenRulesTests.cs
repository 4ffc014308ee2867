using FsCheck.Xunit;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Tests.Access;

public class AccessTokenRulesTests
{
    private const long Now = 1_000_000;

    [Property]
    public void Only_generated_secrets_have_the_form_of_a_secret(byte[] random, string text)
    {
        var whole = new byte[AccessTokenRules.SecretBytes];
        random.AsSpan(0, Math.Min(random.Length, whole.Length)).CopyTo(whole);
        Assert.True(AccessTokenRules.IsSecret(AccessTokenRules.Secret(whole)));
        Assert.False(AccessTokenRules.IsSecret(text ?? ""));
    }

    [Fact]
    public void A_hash_hides_its_secret_and_differs_between_secrets()
    {
        var (one, other) = ("jc_1", "jc_2");
        Assert.Equal(AccessTokenRules.Hash(one), AccessTokenRules.Hash(one));
        Assert.NotEqual(AccessTokenRules.Hash(one), AccessTokenRules.Hash(other));
        Assert.DoesNotContain(one, AccessTokenRules.Hash(one));
    }

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(Now + 1, 0, "")]
    [InlineData(Now, 0, "expired")]
    [InlineData(0, Now - 1, "revoked")]
    [InlineData(Now - 1, Now - 1, "revoked")]
    public void A_token_grants_access_until_it_expires_or_is_revoked(
        long expires,
        long revoked,
        string problem
    )
    {
        var token = new Token
        {
            Name = "ci",
            Expires = expires,
            Revoked = revoked,
        };
        var refusal = AccessTokenRules.Check(token, Now);
        if (problem == "")
            Assert.Null(refusal);
        else
            Assert.Contains(problem, refusal!.Message);
    }

    [Fact]
    public void An_unknown_token_is_refused() =>
        Assert.Contains("Unknown access token", AccessTokenRules.Check(null, Now)!.Message);

    [Theory]
    [InlineData("ann", "", Role.User, 0, true)]
    [InlineData("ann", "bob", Role.ReadOnly, 1, true)]
    [InlineData("", "", Role.User, 0, false)]
    [InlineData("a b", "", Role.User, 0, false)]
    [InlineData("ann", "a/b", Role.User, 0, false)]
    [InlineData("ann", "", Role.Unspecified, 0, false)]
    [InlineData("ann", "", (Role)9, 0, false)]
    [InlineData("ann", "", Role.User, -1, false)]
    [InlineData("ann", "", Role.User, long.MaxValue, false)]
    public void A_token_request_is_validated(
        string name,
        string user,
        Role role,
        long ms,
        bool good
    )
    {
        var request = new CreateTokenRequest
        {
            Name = name,
            User = user,
            Role = role,
            LifetimeMs = ms,
        };
        Assert.Equal(good, AccessTokenRules.Validate(request) is null);
    }

    [Fact]
    public void A_token_without_a_user_belongs_to_the_user_of_its_name()
    {
        var request = new CreateTokenRequest { Name = "ann", Role = Role.User };
        var token = AccessTokenRules.Of(request, "root", Now);
        Assert.Equal(("ann", "root", 0L), (token.User, token.By, token.Expires));
        request.User = "bob";
        request.LifetimeMs = 5;
        token = AccessTokenRules.Of(request, "root", Now);
        Assert.Equal(("bob", Now + 5_000), (token.User, token.Expires));
    }
}
