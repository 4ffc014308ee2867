using System.Security.Cryptography;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Doors;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Door;

/// <summary>
/// Whom the tickets name that this node knows: those it gave, and those other nodes gave. They are
/// in memory alone: a client whose ticket is not known asks for another. Used from any thread.
/// </summary>
internal sealed class Tickets(TimeProvider clock, TimeSpan age, int most)
{
    /// <summary>Too many to be guessed.</summary>
    private const int TokenBytes = 24;

    private readonly Dictionary<string, (Identity By, DateTimeOffset Until)> _known = [];
    private readonly Lock _gate = new();

    /// <summary>Makes one.</summary>
    public TicketGiven Give(Identity by)
    {
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(TokenBytes));
        var until = clock.GetUtcNow() + age;
        Remember(token, by, until);
        return Given(token, by, until);
    }

    /// <summary>Another node gave it.</summary>
    public void Learn(TicketGiven given) =>
        Remember(
            given.Token,
            new Identity(given.User, given.Role),
            Microseconds.ToInstant(given.Until)
        );

    /// <summary>Whom it names; it is good for longer then. Null: it is not known, or too
    /// old.</summary>
    public Identity? Find(string token)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_known.TryGetValue(token, out var ticket) || ticket.Until < now)
                return null;
            _known[token] = (ticket.By, now + age);
            return ticket.By;
        }
    }

    /// <summary>All that are good, for a node that is new.</summary>
    public IReadOnlyList<TicketGiven> Good()
    {
        var now = clock.GetUtcNow();
        lock (_gate)
            return
            [
                .. _known
                    .Where(t => t.Value.Until >= now)
                    .Select(t => Given(t.Key, t.Value.By, t.Value.Until)),
            ];
    }

    private void Remember(string token, Identity by, DateTimeOffset until)
    {
        lock (_gate)
        {
            while (_known.Count >= most)
                _known.Remove(_known.MinBy(t => t.Value.Until).Key);
            _known[token] = (by, until);
        }
    }

    private static TicketGiven Given(string token, Identity by, DateTimeOffset until) =>
        new()
        {
            Token = token,
            User = by.User,
            Role = by.Role,
            Until = until.ToMicroseconds(),
        };
}
