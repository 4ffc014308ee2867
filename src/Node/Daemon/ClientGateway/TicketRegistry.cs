using System.Security.Cryptography;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Clocks;
using JobCloud.Protocol;
using JobCloud.Protocol.ClientGateway;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>
/// The tickets that this node or another one issued, and the users they identify. They are in
/// memory only: a client with an unknown ticket requests a new one. Thread-safe.
/// </summary>
internal sealed class TicketRegistry(TimeProvider clock, TimeSpan age, int most)
{
    /// <summary>Long enough that a ticket cannot be guessed.</summary>
    private const int TokenBytes = 24;

    /// <param name="Ended">Why it is no longer accepted; null: it is.</param>
    private sealed record Known(Identity By, DateTimeOffset Until, Refusal? Ended = null);

    // A step of the wall clock neither ends a ticket nor keeps it.
    private readonly SteadyClock _time = new(clock);
    private readonly Dictionary<string, Known> _tickets = [];
    private readonly Lock _gate = new();

    private static Refusal Unknown { get; } =
        Refusals.Of(
            RefusalCode.NotAllowed,
            "Unknown ticket; request a new one from the node on this machine."
        );

    /// <summary>Whether a ticket must end with the access token of its user.</summary>
    public bool HasTokens
    {
        get
        {
            lock (_gate)
                return _tickets.Values.Any(ticket =>
                    ticket is { Ended: null, By.TokenHash: not "" }
                );
        }
    }

    /// <summary>Issues a ticket.</summary>
    public TicketGiven Issue(Identity by)
    {
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(TokenBytes));
        var until = _time.Instant + age;
        Remember(token, by, until);
        return Given(token, by, until);
    }

    /// <summary>Adds a ticket that another node issued.</summary>
    public void Add(TicketGiven given) =>
        Remember(
            given.Token,
            new Identity(given.User, given.Role, given.Account) { TokenHash = given.AccessToken },
            _time.Instant + Left(given)
        );

    /// <summary>The user that a ticket identifies; use extends its life.</summary>
    public Outcome<Identity> Find(string token)
    {
        var now = _time.Instant;
        lock (_gate)
        {
            if (Check(token, now) is { } refusal)
                return refusal;
            var known = _tickets[token] with { Until = now + age };
            _tickets[token] = known;
            return known.By;
        }
    }

    /// <summary>Why a ticket is not accepted; null: it is. This is not a use.</summary>
    public Refusal? Check(string token)
    {
        lock (_gate)
            return Check(token, _time.Instant);
    }

    /// <summary>Ends the tickets whose access tokens are no longer valid.</summary>
    /// <param name="check">Returns why the token with a hash is not valid; null: it is.</param>
    public void EndWithTokens(Func<string, Refusal?> check)
    {
        lock (_gate)
            foreach (var (token, known) in _tickets.ToArray())
                if (
                    known is { Ended: null, By.TokenHash: { Length: > 0 } hash }
                    && check(hash) is { } refusal
                )
                    _tickets[token] = known with { Ended = refusal };
    }

    /// <summary>All valid tickets, for a node that has just joined.</summary>
    public IReadOnlyList<TicketGiven> Valid()
    {
        var now = _time.Instant;
        lock (_gate)
            return
            [
                .. _tickets
                    .Where(t => t.Value.Ended is null && t.Value.Until >= now)
                    .Select(t => Given(t.Key, t.Value.By, t.Value.Until)),
            ];
    }

    private Refusal? Check(string token, DateTimeOffset now) =>
        _tickets.TryGetValue(token, out var known) && known.Until >= now ? known.Ended : Unknown;

    private void Remember(string token, Identity by, DateTimeOffset until)
    {
        lock (_gate)
        {
            // A node that has not yet noticed the end of the token may share the ticket again.
            if (_tickets.TryGetValue(token, out var known) && known.Ended is not null)
                return;
            while (_tickets.Count >= most)
                _tickets.Remove(_tickets.MinBy(t => t.Value.Until).Key);
            _tickets[token] = new Known(by, until);
        }
    }

    /// <summary>How long it is valid. The clocks of two nodes differ, so not for
    /// longer than any ticket.</summary>
    private TimeSpan Left(TicketGiven given)
    {
        var left = Microseconds.ToInstant(given.Until) - clock.GetUtcNow();
        return left < age ? left : age;
    }

    private TicketGiven Given(string token, Identity by, DateTimeOffset until) =>
        new()
        {
            Token = token,
            User = by.User,
            Role = by.Role,
            Account = by.Account,
            AccessToken = by.TokenHash,
            Until = (clock.GetUtcNow() + (until - _time.Instant)).ToMicroseconds(),
        };
}
