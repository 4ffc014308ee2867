using System.Text.Json;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Membership;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Store;

/// <summary>What a shared store reads of a journal that grows.</summary>
public sealed class SegmentCatalogTests(SharedStore stores) : IClassFixture<SharedStore>
{
    [PostgreSqlFact]
    public async Task The_rows_read_for_changes_do_not_grow_with_the_segments()
    {
        foreach (var segments in new[] { 5_000, 50_000 })
        {
            var store = await stores.StoreAsync(stores.NewDatabase());
            await ExecuteAsync(store, $"{Insert} FROM generate_series(1, {segments}) AS i");
            await ExecuteAsync(store, "ANALYZE journal");
            var catalog = new SegmentCatalog(store);
            var all = await catalog.ReadAsync(after: null, default);
            Assert.Equal((segments, segments), (all.Segments.Count, all.Newest));
            var none = await catalog.ReadAsync(all.Newest, default);
            Assert.Equal((0, segments), (none.Segments.Count, none.Newest));

            // Two segments, and something that is none.
            await ExecuteAsync(
                store,
                $"{Insert.Replace("1, '", "2, '")} FROM (VALUES (7), (5)) v(i)"
            );
            await ExecuteAsync(
                store,
                $"{Insert.Replace("segment-", "other-")} FROM (VALUES (1)) v(i)"
            );

            var changed = await catalog.ReadAsync(all.Newest, default);
            Assert.Equal([new SegmentHead(5, 2), new SegmentHead(7, 2)], changed.Segments);
            Assert.Equal(all.Newest + 2, changed.Newest);
            Assert.InRange(await RowsReadAsync(store, all.Newest), 2, 3);
        }
    }

    // Each row is the first of its segment.
    private const string Insert = """
        INSERT INTO journal (created, deleted, sequence_number, persistence_id, message)
        SELECT 0, false, 1, 'segment-' || i, ''
        """;

    /// <summary>The rows that the statement has read from the table.</summary>
    private static async Task<double> RowsReadAsync(NodeStore store, long after)
    {
        await using var connection = await store.ConnectAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN (ANALYZE, FORMAT JSON) {SegmentCatalog.Changed}";
        command.Add("@after", after);
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        return RowsRead(plan.RootElement[0].GetProperty("Plan"));
    }

    private static double RowsRead(JsonElement node) =>
        node.TryGetProperty("Plans", out var inner)
            ? inner.EnumerateArray().Sum(RowsRead)
            : Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter");

    private static double Number(JsonElement node, string name) =>
        node.TryGetProperty(name, out var number) ? number.GetDouble() : 0;

    private static async Task ExecuteAsync(NodeStore store, string sql)
    {
        await using var connection = await store.ConnectAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
