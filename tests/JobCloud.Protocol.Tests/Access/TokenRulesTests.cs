using FsCheck.Xunit;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Tests.Access;

public class TokenRulesTests
{
    private const long Now = 1_000_000;

    [Property]
    public void Only_generated_secrets_have_the_form_of_a_secret(byte[] random, string text)
    {
        var whole = new byte[TokenRules.SecretBytes];
        random.AsSpan(0, Math.Min(random.Length, whole.Length)).CopyTo(whole);
        Assert.True(TokenRules.IsSecret(TokenRules.Secret(whole)));
        Assert.False(TokenRules.IsSecret(text ?? ""));
    }

    [Fact]
    public void A_hash_hides_its_secret_and_differs_between_secrets()
    {
        var (one, other) = ("jc_1", "jc_2");
        Assert.Equal(TokenRules.Hash(one), TokenRules.Hash(one));
        Assert.NotEqual(TokenRules.Hash(one), TokenRules.Hash(other));
        Assert.DoesNotContain(one, TokenRules.Hash(one));
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
        var refusal = TokenRules.Judge(token, Now);
        if (problem == "")
            Assert.Null(refusal);
        else
            Assert.Contains(problem, refusal!.Message);
    }

    [Fact]
    public void An_unknown_token_is_refused() =>
        Assert.Contains("Unknown access token", TokenRules.Judge(null, Now)!.Message);

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
        Assert.Equal(good, TokenRules.Problem(request) is null);
    }

    [Fact]
    public void A_token_without_a_user_belongs_to_the_user_of_its_name()
    {
        var request = new CreateTokenRequest { Name = "ann", Role = Role.User };
        var token = TokenRules.Of(request, "root", Now);
        Assert.Equal(("ann", "root", 0L), (token.User, token.By, token.Expires));
        request.User = "bob";
        request.LifetimeMs = 5;
        token = TokenRules.Of(request, "root", Now);
        Assert.Equal(("bob", Now + 5_000), (token.User, token.Expires));
    }
}
