using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Protocol.Tests.Terminals;

public sealed class FlowWindowTests
{
    /// <summary>A sender that fills the window and a receiver that takes random portions never
    /// exceed the window and never stall.</summary>
    [Property]
    public void Bytes_in_flight_never_exceed_the_window_and_never_stall(
        PositiveInt size,
        byte[] portions
    )
    {
        var bytes = size.Get % 5_000 + 1;
        var window = new FlowWindow(bytes);
        var taken = new TakenCounter(bytes);
        var arrived = 0;
        foreach (var portion in portions)
        {
            var sent = Math.Min(window.Room, portion + 1);
            Assert.True(sent > 0 || arrived > 0);
            window.Sent(sent);
            arrived += sent;
            Assert.InRange(window.InFlight, 0, bytes);
            var take = Math.Min(arrived, portion % 7 == 0 ? arrived : portion);
            arrived -= take;
            window.Taken(taken.Taken(take));
            Assert.True(arrived > 0 || window.Room > 0);
        }
    }

    [Property]
    public void A_wrong_count_from_a_client_never_exceeds_the_window(
        PositiveInt size,
        int sent,
        long reported
    )
    {
        var window = new FlowWindow(size.Get);
        window.Sent(Math.Clamp(sent, 0, window.Room));

        window.Taken(reported);

        Assert.InRange(window.Room, 0, size.Get);
    }

    [Fact]
    public void Taken_bytes_are_reported_per_quarter_of_a_window()
    {
        var taken = new TakenCounter(1_000);

        Assert.Equal(0, taken.Taken(249));
        Assert.Equal(250, taken.Taken(1));
        Assert.Equal(0, taken.Taken(1));
    }
}
