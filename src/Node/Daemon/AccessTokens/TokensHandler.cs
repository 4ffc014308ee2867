using System.Security.Cryptography;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.AccessTokens;

/// <summary>Creates, lists and revokes access tokens.</summary>
/// <param name="authenticator">Rereads the tokens after each change here; other nodes do so
/// later.</param>
/// <param name="noteOn">Says why the jobs of a user with this account may fail to start.</param>
internal sealed class TokensHandler(
    TokenStore store,
    TokenAuthenticator authenticator,
    TimeProvider clock,
    Func<Token, string> noteOn
)
{
    public async Task<Outcome<TokensReply>> ListAsync(CancellationToken cancel) =>
        new TokensReply { Tokens = { (await store.AllAsync(cancel)).Select(one => one.Token) } };

    public async Task<Outcome<CreateTokenReply>> CreateAsync(
        CreateTokenRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        if (AccessTokenRules.Validate(request) is { } problem)
            return problem;
        var token = AccessTokenRules.Of(request, by.User, Now);
        var secret = AccessTokenRules.Secret(
            RandomNumberGenerator.GetBytes(AccessTokenRules.SecretBytes)
        );
        if (!await store.AddAsync(token, AccessTokenRules.Hash(secret), cancel))
            return Refusals.Of(
                RefusalCode.NotAllowed,
                $"Token {token.Name} already exists; revoke it first or choose another name."
            );
        authenticator.Invalidate();
        return new CreateTokenReply
        {
            Token = token,
            Secret = secret,
            Note = noteOn(token),
        };
    }

    public async Task<Outcome<TokensReply>> RevokeAsync(
        RevokeTokenRequest request,
        CancellationToken cancel
    )
    {
        var revoked = await store.RevokeAsync(request.Name, Now, cancel);
        authenticator.Invalidate();
        return revoked
            ? await ListAsync(cancel)
            : Refusals.Of(
                RefusalCode.NotFound,
                $"Token {request.Name} does not exist or is already revoked; see 'jobcloud token list'."
            );
    }

    /// <summary>In µs since 1970.</summary>
    private long Now => clock.NowMicroseconds();
}
