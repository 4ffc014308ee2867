using JobCloud.Protocol.Events;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class EventLogTests
{
    private readonly EventLog _log = new(kept: 4);

    [Fact]
    public void Past_events_come_before_those_that_arrived_and_none_is_there_twice()
    {
        _log.Add(Event(3));
        _log.Add(Event(4));
        Assert.Null(_log.Since);

        _log.AddPast([Event(1), Event(2), Event(3)], since: 100);

        Assert.Equal([1, 2, 3, 4], Jids());
        Assert.Equal(100, _log.Since);
        Assert.Equal(_log.View().Select(row => row.Number).Order(), Numbers());
        Assert.Equal(4, Numbers().Distinct().Count());
    }

    [Fact]
    public void Dropped_events_shorten_the_known_history()
    {
        _log.AddPast([Event(1), Event(2), Event(3)], since: 0);
        _log.Add(Event(4));
        Assert.Equal(0, _log.Since);
        _log.Add(Event(5));
        Assert.Equal([2, 3, 4, 5], Jids());
        Assert.Equal(1, _log.Since);
    }

    [Fact]
    public void A_new_state_forgets_the_events()
    {
        _log.AddPast([Event(1)], since: 0);
        _log.Clear();
        Assert.Empty(_log.View());
        Assert.Null(_log.Since);
        _log.AddPast([Event(2)], since: 5);
        Assert.Equal([2], Jids());
    }

    private IEnumerable<long> Jids() => _log.View().Select(row => row.Jid.Value);

    private IEnumerable<long> Numbers() => _log.View().Select(row => row.Number);

    // Its instant is its jid.
    private static JobEvent Event(long jid) =>
        new()
        {
            Jid = jid,
            At = jid,
            Count = 1,
            Deleted = new(),
        };
}
