using System.Data.Common;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Metrics;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.AccessTokens;

/// <summary>Identifies users by their access tokens. Keeps all tokens in memory and rereads them
/// when they are older than <paramref name="age"/>, so that invalid secrets cost the store nothing.
/// Thread-safe.</summary>
/// <param name="age">Time that a revoked token may still be accepted.</param>
internal sealed class TokenAuthenticator(TimeProvider clock, TimeSpan age)
{
    public NodeMeters Meters { get; init; } = NodeMeters.None;

    private sealed record LoadedTokens(IReadOnlyDictionary<string, Token> ByHash, long ReadAt);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile TokenStore? _store;
    private volatile LoadedTokens? _snapshot;

    /// <summary>Sets the store. Callers cannot be authenticated before this.</summary>
    public void SetStore(TokenStore tokens) => _store = tokens;

    /// <summary>Makes the next call read the store.</summary>
    public void Invalidate() => _snapshot = null;

    /// <summary>Returns the user that an <c>authorization</c> header identifies, or a
    /// refusal.</summary>
    public async Task<Outcome<Identity>> IdentifyAsync(string? header, CancellationToken cancel)
    {
        var identity = await FindAsync(header, cancel);
        if (!identity.IsGranted && identity.Refusal.Code == RefusalCode.NotAllowed)
            Meters.Add(MetricCatalog.TokensRefused, 1);
        return identity;
    }

    private async Task<Outcome<Identity>> FindAsync(string? header, CancellationToken cancel)
    {
        const string Scheme = "Bearer ";
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return AccessTokenRules.Missing;
        var secret = header[Scheme.Length..].Trim();
        if (!AccessTokenRules.IsSecret(secret))
            return AccessTokenRules.Check(null, 0)!;
        try
        {
            if (await TokensAsync(cancel) is not { } tokens)
                return Refusals.Of(RefusalCode.Busy, "The node is starting; try again.");
            var hash = AccessTokenRules.Hash(secret);
            var token = tokens.GetValueOrDefault(hash);
            return AccessTokenRules.Check(token, Now) is { } refusal
                ? refusal
                : new Identity(token!.User, token.Role, token.RunAs) { TokenHash = hash };
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            return Refusals.Of(
                RefusalCode.StoreUnavailable,
                "The store is not available, so access tokens cannot be checked; try again."
            );
        }
    }

    /// <summary>Reads all tokens now, and returns how to check those with a hash.</summary>
    /// <exception cref="DbException">The store is unavailable.</exception>
    public async Task<Func<string, Refusal?>> ReadAsync(CancellationToken cancel)
    {
        Invalidate();
        var tokens = await TokensAsync(cancel);
        return hash =>
            tokens is null ? null : AccessTokenRules.Check(tokens.GetValueOrDefault(hash), Now);
    }

    /// <summary>In µs since 1970.</summary>
    private long Now => clock.NowMicroseconds();

    private async Task<IReadOnlyDictionary<string, Token>?> TokensAsync(CancellationToken cancel)
    {
        if (Current() is { } known)
            return known;
        if (_store is not { } source)
            return null;
        await _reading.WaitAsync(cancel);
        try
        {
            if (Current() is { } since)
                return since;
            var at = clock.GetTimestamp();
            var all = await source.AllAsync(cancel);
            var byHash = all.ToDictionary(one => one.Hash, one => one.Token);
            _snapshot = new LoadedTokens(byHash, at);
            return byHash;
        }
        finally
        {
            _reading.Release();
        }
    }

    private IReadOnlyDictionary<string, Token>? Current() =>
        _snapshot is { } read && clock.GetElapsedTime(read.ReadAt) < age ? read.ByHash : null;
}
