using Akka.Actor;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Wire;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Tests.Store;

public sealed class JournalTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private TestStore _store = null!;
    private Inbox _inbox = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        _inbox = Inbox.Create(_store.System);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Written_rows_survive_a_restart()
    {
        await _store.FillAsync(segment: 3, rows: 20);
        _store.Writer("segment-3", _inbox.Receiver);
        Assert.Equal(new JournalWriter.Recovered(20), await NextAsync());
    }

    [Fact]
    public async Task A_failed_write_stops_only_its_actor()
    {
        var actor = _store.Writer("segment-1", _inbox.Receiver);
        await NextAsync();
        await _store.ExecuteAsync(
            """
            CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.persistence_id = 'segment-1'
            BEGIN SELECT RAISE(FAIL, 'disk full'); END
            """
        );
        actor.Tell(TestStore.Row(1));
        var failed = Assert.IsType<JournalWriter.CouldNotWrite>(await NextAsync());
        Assert.IsType<SqliteException>(failed.Cause);
        Assert.IsType<JournalWriter.Stopped>(await NextAsync());
        await _store.FillAsync(segment: 2, rows: 1);
        await _store.ExecuteAsync("DROP TRIGGER full");
        await _store.FillAsync(segment: 1, rows: 1);
    }

    [Fact]
    public async Task A_second_writer_of_a_segment_is_fenced_off()
    {
        var first = _store.Writer("segment-1", _inbox.Receiver);
        var second = _store.Writer("segment-1", _inbox.Receiver);
        await NextAsync();
        await NextAsync();
        first.Tell(TestStore.Row(1));
        Assert.Equal(new JournalWriter.Wrote(1), await NextAsync());
        second.Tell(TestStore.Row(1));
        Assert.IsType<JournalWriter.CouldNotWrite>(await NextAsync());
        Assert.IsType<JournalWriter.Stopped>(await NextAsync());
    }

    [Fact]
    public async Task A_damaged_row_recovers_as_unreadable()
    {
        await _store.FillAsync(segment: 1, rows: 3);
        await _store.FillAsync(segment: 2, rows: 1);
        await DamageAsync(segment: 1, sequenceNr: 2);
        _store.Writer("segment-1", _inbox.Receiver);
        Assert.Contains("JobsChanged", Assert.IsType<UnreadableRow>(await NextAsync()).Why);
        Assert.Equal(new JournalWriter.Recovered(3), await NextAsync());
        _store.Writer("segment-2", _inbox.Receiver);
        Assert.Equal(new JournalWriter.Recovered(1), await NextAsync());
    }

    [Fact]
    public async Task The_catalog_lists_every_segment_with_its_last_sequence_number()
    {
        await _store.FillAsync(segment: 10, rows: 2);
        await _store.FillAsync(segment: 0, rows: 1);
        await _store.FillAsync(segment: 9, rows: 3);
        await StoreProbe.WriteAsync(
            _store.System,
            _store.Store,
            "n1",
            TimeSpan.Zero,
            TimeProvider.System,
            CancellationToken.None
        );
        var heads = await new SegmentCatalog(_store.Store).ReadAsync(CancellationToken.None);
        Assert.Equal([new SegmentHead(0, 1), new SegmentHead(9, 3), new SegmentHead(10, 2)], heads);
    }

    [Fact]
    public async Task An_empty_store_has_no_segments() =>
        Assert.Empty(await new SegmentCatalog(_store.Store).ReadAsync(CancellationToken.None));

    [Theory]
    [InlineData(1, long.MaxValue, 600)]
    [InlineData(300, long.MaxValue, 301)]
    [InlineData(10, 12, 3)]
    [InlineData(601, long.MaxValue, 0)]
    public async Task History_is_read_in_order(long from, long to, int rows)
    {
        await _store.FillAsync(segment: 4, rows: 600);
        var next = from;
        await foreach (var row in new JournalReader(_store.Store).ReadAsync(4, from, to, default))
        {
            Assert.Equal(next, row.SequenceNr);
            Assert.Equal(next++, row.Changed!.Events[0].Jid);
        }
        Assert.Equal(rows, next - from);
    }

    [Fact]
    public async Task A_damaged_row_is_marked_and_does_not_hide_the_others()
    {
        await _store.FillAsync(segment: 1, rows: 4);
        await DamageAsync(segment: 1, sequenceNr: 2);
        await _store.ExecuteAsync(
            "UPDATE journal SET manifest = 'nope' WHERE persistence_id = 'segment-1' AND sequence_number = 3"
        );
        var rows = new List<JournalRow>();
        await foreach (
            var row in new JournalReader(_store.Store).ReadAsync(1, 1, long.MaxValue, default)
        )
            rows.Add(row);
        Assert.Equal([1, 2, 3, 4], rows.Select(row => row.SequenceNr));
        Assert.Equal([false, true, true, false], rows.Select(row => row.Changed is null));
    }

    private Task DamageAsync(long segment, long sequenceNr) =>
        _store.ExecuteAsync(
            $"""
            UPDATE journal SET message = x'FF00FF00FF'
            WHERE persistence_id = 'segment-{segment}' AND sequence_number = {sequenceNr}
            """
        );

    private async Task<object> NextAsync() => await _inbox.ReceiveAsync(Limit);
}
