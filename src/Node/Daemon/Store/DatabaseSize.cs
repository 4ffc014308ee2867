using System.Data.Common;

namespace JobCloud.Node.Daemon.Store;

/// <summary>The size of the database of a shared store. Reading it takes the server a while, so it
/// is read again in the background when somebody wants it and the last reading is old.</summary>
internal sealed class DatabaseSize(NodeStore store, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private long? _bytes;
    private long? _begunAt;

    /// <summary>The last reading; null: there is none.</summary>
    public long? Read()
    {
        lock (_lock)
        {
            if (_begunAt is null || clock.GetElapsedTime(_begunAt.Value) >= Age)
            {
                _begunAt = clock.GetTimestamp();
                _ = ReadAsync();
            }
            return _bytes;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, clock);
            await using var connection = await store.ConnectAsync(limit.Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT pg_database_size(current_database())";
            Set((long?)await command.ExecuteScalarAsync(limit.Token));
        }
        catch (Exception e)
            when (e is DbException or TimeoutException or OperationCanceledException)
        {
            // An old size would hide that the store does not answer.
            Set(null);
        }
    }

    private void Set(long? bytes)
    {
        lock (_lock)
            _bytes = bytes;
    }
}
