using System.Data.Common;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Tokens;

/// <summary>Says whom a secret names. All tokens are in memory and read anew when they are older
/// than
/// <paramref name="age"/>, so that strangers cost the store nothing. Used from any
/// thread.</summary>
/// <param name="age">How long a revoked token may still be believed.</param>
internal sealed class TokenDesk(TimeProvider clock, TimeSpan age)
{
    private sealed record Book(IReadOnlyDictionary<string, Token> ByHash, long ReadAt);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile TokenStore? _store;
    private volatile Book? _book;

    /// <summary>Whom nobody can be named before.</summary>
    public void Open(TokenStore tokens) => _store = tokens;

    /// <summary>The next question reads the store.</summary>
    public void Forget() => _book = null;

    /// <summary>Whom a header <c>authorization</c> names, or why nobody.</summary>
    public async Task<Outcome<Identity>> IdentifyAsync(string? header, CancellationToken cancel)
    {
        const string Scheme = "Bearer ";
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return TokenRules.Missing;
        var secret = header[Scheme.Length..].Trim();
        if (!TokenRules.IsSecret(secret))
            return TokenRules.Judge(null, 0)!;
        try
        {
            if (await TokensAsync(cancel) is not { } tokens)
                return Refusals.Of(RefusalCode.Busy, 0, "The node is starting; try again.");
            var token = tokens.GetValueOrDefault(TokenRules.Hash(secret));
            return TokenRules.Judge(token, Now) is { } refusal
                ? refusal
                : new Identity(token!.User, token.Role);
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            return Refusals.Of(
                RefusalCode.StoreUnavailable,
                0,
                "The store is not available, so that no token can be looked up. Try again."
            );
        }
    }

    /// <summary>In µs since 1970.</summary>
    private long Now => clock.NowMicroseconds();

    private async Task<IReadOnlyDictionary<string, Token>?> TokensAsync(CancellationToken cancel)
    {
        if (Fresh() is { } known)
            return known;
        if (_store is not { } source)
            return null;
        await _reading.WaitAsync(cancel);
        try
        {
            if (Fresh() is { } since)
                return since;
            var at = clock.GetTimestamp();
            var all = await source.AllAsync(cancel);
            var byHash = all.ToDictionary(one => one.Hash, one => one.Token);
            _book = new Book(byHash, at);
            return byHash;
        }
        finally
        {
            _reading.Release();
        }
    }

    private IReadOnlyDictionary<string, Token>? Fresh() =>
        _book is { } read && clock.GetElapsedTime(read.ReadAt) < age ? read.ByHash : null;
}
