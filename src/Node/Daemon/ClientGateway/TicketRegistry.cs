using System.Security.Cryptography;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.ClientGateway;
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

    private readonly Dictionary<string, (Identity By, DateTimeOffset Until)> _tickets = [];
    private readonly Lock _gate = new();

    /// <summary>Issues a ticket.</summary>
    public TicketGiven Issue(Identity by)
    {
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(TokenBytes));
        var until = clock.GetUtcNow() + age;
        Remember(token, by, until);
        return Given(token, by, until);
    }

    /// <summary>Adds a ticket that another node issued.</summary>
    public void Add(TicketGiven given) =>
        Remember(
            given.Token,
            new Identity(given.User, given.Role, given.Account),
            Microseconds.ToInstant(given.Until)
        );

    /// <summary>The user that a ticket identifies; use extends its life. Null: it is unknown or
    /// expired.</summary>
    public Identity? Find(string token)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_tickets.TryGetValue(token, out var ticket) || ticket.Until < now)
                return null;
            _tickets[token] = (ticket.By, now + age);
            return ticket.By;
        }
    }

    /// <summary>All valid tickets, for a node that has just joined.</summary>
    public IReadOnlyList<TicketGiven> Valid()
    {
        var now = clock.GetUtcNow();
        lock (_gate)
            return
            [
                .. _tickets
                    .Where(t => t.Value.Until >= now)
                    .Select(t => Given(t.Key, t.Value.By, t.Value.Until)),
            ];
    }

    private void Remember(string token, Identity by, DateTimeOffset until)
    {
        lock (_gate)
        {
            while (_tickets.Count >= most)
                _tickets.Remove(_tickets.MinBy(t => t.Value.Until).Key);
            _tickets[token] = (by, until);
        }
    }

    private static TicketGiven Given(string token, Identity by, DateTimeOffset until) =>
        new()
        {
            Token = token,
            User = by.User,
            Role = by.Role,
            Account = by.Account,
            Until = until.ToMicroseconds(),
        };
}
