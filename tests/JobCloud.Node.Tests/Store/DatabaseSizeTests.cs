using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Membership;
using JobCloud.Testing;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.Node.Tests.Store;

public sealed class DatabaseSizeTests(SharedStore stores) : IClassFixture<SharedStore>
{
    [PostgreSqlFact]
    public async Task The_size_is_read_in_the_background_and_again_after_a_minute()
    {
        var clock = new FakeTimeProvider();
        var store = await stores.StoreAsync(stores.NewDatabase());
        var size = new DatabaseSize(store, clock);
        size.Read();
        await Eventually.HoldsAsync(() => size.Read() > 1 << 20, "the size is known");
        var before = size.Read();
        await using (var connection = await store.ConnectAsync(default))
        {
            await using var command = connection.CreateCommand();
            command.CommandText =
                "CREATE TABLE filler AS SELECT repeat(md5(i::text), 100) AS t FROM generate_series(1, 2000) AS i";
            await command.ExecuteNonQueryAsync();
        }
        Assert.Equal(before, size.Read());
        clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(() => size.Read() > before, "the size has grown");
    }
}
