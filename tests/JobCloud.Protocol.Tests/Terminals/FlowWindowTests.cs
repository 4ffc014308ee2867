using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Protocol.Tests.Terminals;

public sealed class FlowWindowTests
{
    /// <summary>A sender that fills the window and a receiver that takes what has come, whatever
    /// its portions: never more under way than the window, and never a standstill.</summary>
    [Property]
    public void All_comes_through_and_never_more_is_under_way(PositiveInt size, byte[] portions)
    {
        var bytes = size.Get % 5_000 + 1;
        var window = new FlowWindow(bytes);
        var taken = new TakenCount(bytes);
        var arrived = 0;
        foreach (var portion in portions)
        {
            var sent = Math.Min(window.Room, portion + 1);
            Assert.True(sent > 0 || arrived > 0);
            window.Sent(sent);
            arrived += sent;
            Assert.InRange(window.UnderWay, 0, bytes);
            var take = Math.Min(arrived, portion % 7 == 0 ? arrived : portion);
            arrived -= take;
            window.Taken(taken.Taken(take));
            Assert.True(arrived > 0 || window.Room > 0);
        }
    }

    [Property]
    public void What_a_client_says_it_took_never_makes_room_that_is_not_there(
        PositiveInt size,
        int sent,
        long said
    )
    {
        var window = new FlowWindow(size.Get);
        window.Sent(Math.Clamp(sent, 0, window.Room));

        window.Taken(said);

        Assert.InRange(window.Room, 0, size.Get);
    }

    [Fact]
    public void Single_keystrokes_are_not_answered_each()
    {
        var taken = new TakenCount(1_000);

        Assert.Equal(0, taken.Taken(249));
        Assert.Equal(250, taken.Taken(1));
        Assert.Equal(0, taken.Taken(1));
    }
}
