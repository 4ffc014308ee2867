using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.ClientGateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.Node.Tests.ClientGateway;

public sealed class TicketRegistryTests
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);
    private static readonly Identity Ann = new("ann", Role.User) { TokenHash = "hash" };

    private readonly SteppedClock _clock = new();

    [Fact]
    public void A_ticket_lasts_as_long_as_it_is_used()
    {
        var tickets = new TicketRegistry(_clock, Age, 10);
        var token = tickets.Issue(Ann).Token;
        _clock.Advance(Age);
        Assert.True(tickets.Find(token).IsGranted);
        _clock.Advance(Age + TimeSpan.FromSeconds(1));
        Assert.False(tickets.Find(token).IsGranted);
    }

    [Fact]
    public void A_step_of_the_wall_clock_neither_ends_a_ticket_nor_keeps_it()
    {
        var tickets = new TicketRegistry(_clock, Age, 10);
        var token = tickets.Issue(Ann).Token;
        _clock.Step(TimeSpan.FromHours(5));
        Assert.Null(tickets.Check(token));
        _clock.Step(TimeSpan.FromHours(-50));
        _clock.Advance(Age + TimeSpan.FromSeconds(1));
        Assert.NotNull(tickets.Check(token));
    }

    [Fact]
    public void A_ticket_of_another_node_lasts_no_longer_than_one_of_this_node()
    {
        var given = new TicketRegistry(_clock, Age, 10).Issue(Ann);
        _clock.Step(TimeSpan.FromHours(-5));
        var tickets = new TicketRegistry(_clock, Age, 10);
        tickets.Add(given);
        Assert.Null(tickets.Check(given.Token));
        _clock.Advance(Age + TimeSpan.FromSeconds(1));
        Assert.NotNull(tickets.Check(given.Token));
    }

    [Fact]
    public void A_ticket_ends_with_its_access_token_and_does_not_come_back()
    {
        var tickets = new TicketRegistry(_clock, Age, 10);
        var given = tickets.Issue(Ann);
        tickets.EndWithTokens(hash =>
            hash == "hash" ? Refusals.Of(RefusalCode.NotAllowed, "revoked") : null
        );
        Assert.Equal("revoked", tickets.Find(given.Token).Refusal!.Message);
        tickets.Add(given);
        Assert.Equal("revoked", tickets.Check(given.Token)!.Message);
        Assert.Empty(tickets.Valid());
    }

    /// <summary>A clock whose wall time somebody sets.</summary>
    private sealed class SteppedClock : FakeTimeProvider
    {
        private TimeSpan _offset;

        public void Step(TimeSpan by) => _offset += by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

        public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
    }
}
