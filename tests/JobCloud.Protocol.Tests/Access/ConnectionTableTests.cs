using FsCheck.Xunit;
using JobCloud.Protocol.Access;

namespace JobCloud.Protocol.Tests.Access;

public sealed class ConnectionTableTests
{
    private static readonly ConnectionLimits Limits = new(10, 4, 3, 7, 5);

    [Fact]
    public void Strangers_of_one_address_drop_their_own_oldest_connection()
    {
        var table = new ConnectionTable(Limits);
        Assert.Null(Open(table, 1, "far"));
        for (var id = 2; id <= 4; id++)
            Assert.Null(Open(table, id, "near"));
        Assert.Equal(2, Open(table, 5, "near"));
        // All places of strangers are taken: the address with the most loses one.
        Assert.Equal(3, Open(table, 6, "other"));
        Assert.True(table.TryAuthenticate(1, "ann", false));
        Assert.False(table.TryAuthenticate(2, "ann", false));
    }

    [Fact]
    public void A_full_endpoint_drops_strangers_and_then_refuses()
    {
        var table = new ConnectionTable(Limits);
        for (var id = 1; id <= 9; id++)
        {
            Assert.Null(Open(table, id, "a"));
            Assert.True(table.TryAuthenticate(id, "root", isAdmin: true));
        }
        Assert.Null(Open(table, 10, "b"));
        Assert.Equal(10, Open(table, 11, "c"));
        Assert.True(table.TryAuthenticate(11, "root", isAdmin: true));
        Assert.False(table.TryOpen(12, "d", out var dropped));
        Assert.Null(dropped);
        table.Close(4);
        Assert.Null(Open(table, 13, "d"));
    }

    [Fact]
    public void Users_leave_places_for_other_users_and_for_admins()
    {
        var table = new ConnectionTable(Limits);
        bool Enter(long id, string user, bool isAdmin = false)
        {
            Assert.True(table.TryOpen(id, user, out _));
            var isIn = table.TryAuthenticate(id, user, isAdmin);
            if (!isIn)
                table.Close(id);
            return isIn;
        }
        Assert.All(Enumerable.Range(1, 5), id => Assert.True(Enter(id, "ann")));
        Assert.False(Enter(6, "ann"));
        Assert.True(Enter(7, "bob"));
        Assert.True(Enter(8, "bob"));
        Assert.False(Enter(9, "cid"));
        Assert.True(Enter(10, "root", isAdmin: true));
        table.Close(1);
        Assert.True(Enter(11, "cid"));
        // The same connection again changes nothing.
        Assert.True(table.TryAuthenticate(11, "ann", false));
    }

    [Property(MaxTest = 300)]
    public void No_limit_is_ever_exceeded_and_only_strangers_are_dropped(
        (byte What, byte Who)[] steps
    )
    {
        var table = new ConnectionTable(Limits);
        var open = new Dictionary<long, (string Address, string? User)>();
        var next = 0L;
        foreach (var (what, who) in steps)
        {
            var id = open.Count == 0 ? -1 : open.Keys.ElementAt(who % open.Count);
            switch (what % 3)
            {
                case 0 when table.TryOpen(++next, $"{who % 3}", out var dropped):
                    if (dropped is { } old)
                    {
                        Assert.Null(open[old].User);
                        open.Remove(old);
                    }
                    open[next] = ($"{who % 3}", null);
                    break;
                case 1 when table.TryAuthenticate(id, $"u{who % 4}", who % 4 == 0):
                    open[id] = (open[id].Address, open[id].User ?? $"u{who % 4}");
                    break;
                case 2:
                    table.Close(id);
                    open.Remove(id);
                    break;
            }
            var strangers = open.Values.Where(one => one.User is null).ToList();
            var users = open.Values.Where(one => one.User is not (null or "u0")).ToList();
            Assert.Equal(open.Count, table.Count);
            Assert.InRange(open.Count, 0, Limits.Total);
            Assert.InRange(strangers.Count, 0, Limits.Strangers);
            Assert.All(
                strangers.CountBy(one => one.Address),
                one => Assert.InRange(one.Value, 0, Limits.StrangersPerAddress)
            );
            Assert.InRange(users.Count, 0, Limits.Users);
            Assert.All(
                users.CountBy(one => one.User!),
                one => Assert.InRange(one.Value, 0, Limits.PerUser)
            );
        }
    }

    [Theory]
    [InlineData(1000, long.MaxValue, 1000)]
    [InlineData(4096, 1024, 256)]
    [InlineData(4096, 256, 16)]
    [InlineData(3, 1024, 3)]
    public void Connections_leave_descriptors_for_everything_else(
        int wanted,
        long descriptors,
        int total
    ) => Assert.Equal(total, ConnectionLimits.Of(wanted, descriptors).Total);

    [Property]
    public void Each_share_is_positive_and_within_the_whole(ushort wanted)
    {
        var limits = ConnectionLimits.Of(Math.Max(1, (int)wanted), long.MaxValue);
        Assert.InRange(limits.Strangers, 1, limits.Total);
        Assert.InRange(limits.StrangersPerAddress, 1, limits.Strangers);
        Assert.InRange(limits.Users, 1, limits.Total);
        Assert.InRange(limits.PerUser, 1, limits.Users);
    }

    private static long? Open(ConnectionTable table, long id, string address)
    {
        Assert.True(table.TryOpen(id, address, out var dropped));
        return dropped;
    }
}
