using System.Data.Common;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Nodes;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.Outputs.Storage;

/// <summary>Results and output tails in the store, where they outlive the node that produced
/// them.</summary>
internal sealed class OutputStore
{
    // Maximum rows of one statement: both stores accept far more parameters.
    private const int RowsMax = 256;
    private const long StatementBytes = 1 << 20;
    private const int EmptyLogTries = 50;
    private static readonly TimeSpan EmptyLogPause = TimeSpan.FromMilliseconds(20);

    private readonly Func<CancellationToken, Task<DbConnection>> _connect;

    private OutputStore(Func<CancellationToken, Task<DbConnection>> connect) => _connect = connect;

    /// <summary>Connects, and brings the file of results of an embedded store to this
    /// version.</summary>
    /// <exception cref="CannotStartException">The store cannot be used.</exception>
    public static async Task<OutputStore> OpenAsync(
        StoreProvider provider,
        NodeStore store,
        HomePaths paths,
        CancellationToken cancel
    )
    {
        var isFile = provider == StoreProvider.Sqlite;
        var outputs = new OutputStore(
            isFile ? token => OpenFileAsync(paths.OutputStore, token) : store.ConnectAsync
        );
        try
        {
            await using var connection = await outputs._connect(cancel);
            if (isFile)
                await MigrateAsync(connection, paths.OutputStore, cancel);
            return outputs;
        }
        catch (DbException e) when (isFile && StoreDamage.IsDamage(e))
        {
            throw new CannotStartException(
                $"The results of jobs ({paths.OutputStore}) are damaged: {e.Message} Restore a "
                    + "backup of this file, or move it away to go on without them.",
                needsRepair: true
            );
        }
        catch (DbException e)
        {
            throw new CannotStartException(
                $"Cannot use the output store ({(isFile ? paths.OutputStore : store.Description)}): {e.Message}"
            );
        }
    }

    private static async Task MigrateAsync(
        DbConnection connection,
        string path,
        CancellationToken cancel
    )
    {
        await connection.ExecuteAsync(OutputTables.PrepareSqlite, cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var version = await connection.NumberAsync("PRAGMA user_version", cancel, transaction);
        if (version == StoreMigrations.Current)
            return;
        if (version > StoreMigrations.Current)
            throw new CannotStartException(
                $"The results of jobs ({path}) were written by a later version of JobCloud (store "
                    + $"version {version}; this program supports {StoreMigrations.Current}); start "
                    + "that one."
            );
        foreach (var migration in StoreMigrations.After(version))
            if (migration.Results.Length > 0)
                await connection.ExecuteAsync(migration.Results, cancel, transaction);
        await connection.ExecuteAsync(
            $"PRAGMA user_version={StoreMigrations.Current}",
            cancel,
            transaction
        );
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The highest jid in the file of an embedded store, before it is opened for use; 0:
    /// it tells none.</summary>
    public static long HighestJid(HomePaths paths)
    {
        if (!File.Exists(paths.OutputStore))
            return 0;
        try
        {
            using var connection = new SqliteConnection(
                $"Data Source={paths.OutputStore};Mode=ReadWrite;Pooling=False"
            );
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = OutputTables.HighestJid;
            return command.ExecuteScalar() as long? ?? 0;
        }
        catch (SqliteException)
        {
            return 0;
        }
    }

    /// <summary>Writes all parts or none, with at most one statement's parts in memory. Does not
    /// access the store if there are none.</summary>
    public async Task WriteAsync(IEnumerable<StoredChunk> parts, CancellationToken cancel)
    {
        using var statements = Statements(parts).GetEnumerator();
        if (!statements.MoveNext())
            return;
        await using var connection = await _connect(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        do
        {
            await using var insert = Insert(connection, statements.Current);
            insert.Transaction = transaction;
            await insert.ExecuteNonQueryAsync(cancel);
        } while (statements.MoveNext());
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Reads a chunk of a stream, like a node; marked as missing if nothing of its attempt
    /// is kept.</summary>
    /// <param name="offset">Negative: this many bytes before the end.</param>
    /// <param name="max">Maximum number of bytes.</param>
    public async Task<OutputRead> ReadAsync(
        AttemptId id,
        OutputStream stream,
        long offset,
        int max,
        CancellationToken cancel
    )
    {
        await using var connection = await _connect(cancel);
        await using var command = connection.CreateCommand();
        command.Add("@jid", id.Jid.Value);
        command.Add("@attempt", id.Number);
        var which = command.Add("@stream", (int)stream);
        var head = await HeadAsync(command, cancel);
        if (head is null && stream == OutputStream.Result)
        {
            which.Value = (int)OutputStream.Stdout;
            head = await HeadAsync(command, cancel);
        }
        if (head is not var (first, size))
            return new()
            {
                Ended = true,
                FromStore = true,
                Missing = !await AnyAsync(command, cancel),
            };
        var from = Math.Clamp(offset < 0 ? size + offset : offset, first, size);
        command.Add("@offset", from);
        var data = from < size ? await DataAsync(command, from, max, cancel) : ByteString.Empty;
        return new()
        {
            Data = data,
            Offset = from,
            Size = size,
            Dropped = first,
            Ended = true,
            FromStore = true,
            Missing = data.IsEmpty && from < size,
        };
    }

    /// <summary>Reads the end of each of these outputs for <c>info</c>; null if nothing of its
    /// attempt is kept.</summary>
    public async Task<OutputEnd?[]> ReadEndsAsync(
        IReadOnlyList<AttemptQuestion> outputs,
        CancellationToken cancel
    )
    {
        await using var connection = await _connect(cancel);
        await using var command = connection.CreateCommand();
        var wanted = new StringBuilder();
        for (var i = 0; i < outputs.Count; i++)
        {
            var (offset, _) = Tail.RangeOf(outputs[i].Stream);
            wanted.Append(
                CultureInfo.InvariantCulture,
                $"{(i == 0 ? "" : ",")}({i},@j{i},@a{i},@s{i},@t{i})"
            );
            command.Add($"@j{i}", outputs[i].Jid);
            command.Add($"@a{i}", outputs[i].Attempt);
            command.Add($"@s{i}", (int)outputs[i].Stream);
            command.Add($"@t{i}", offset < 0 ? -offset : long.MaxValue);
        }
        command.CommandText = OutputTables.Ends(wanted);
        var found = new SortedDictionary<int, (long First, MemoryStream Bytes)>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var at = rows.GetInt32(0);
            if (!found.TryGetValue(at, out var end) || end.Bytes.Length == 0)
                found[at] = end = (rows.GetInt64(1), new MemoryStream());
            if (!rows.IsDBNull(2))
                end.Bytes.Write(rows.GetFieldValue<byte[]>(2));
        }
        var ends = new OutputEnd?[outputs.Count];
        foreach (var (at, (first, bytes)) in found)
            ends[at] = Tail.EndOf(outputs[at].Stream, bytes.ToArray(), first, dropped: 0);
        return ends;
    }

    /// <summary>Removes all of these attempts.</summary>
    public async Task ForgetAsync(IEnumerable<AttemptId> attempts, CancellationToken cancel)
    {
        await using var connection = await _connect(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = OutputTables.Forget;
        var (jid, attempt) = (command.Add("@jid"), command.Add("@attempt"));
        foreach (var id in attempts)
        {
            (jid.Value, attempt.Value) = (id.Jid.Value, id.Number);
            await command.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
        if (connection is SqliteConnection)
            await EmptyLogAsync(connection, cancel);
    }

    /// <summary>Removes what was deleted from the write-ahead log too. If a reader delays that, it
    /// is tried again for a while, and after the next deletion.</summary>
    private static async Task EmptyLogAsync(DbConnection connection, CancellationToken cancel)
    {
        const string Empty = "PRAGMA wal_checkpoint(TRUNCATE)";
        for (var tries = 0; tries < EmptyLogTries; tries++)
        {
            if (await connection.NumberAsync(Empty, cancel) == 0)
                return;
            await Task.Delay(EmptyLogPause, cancel);
        }
    }

    /// <summary>Deletes the output of attempts that ended up to an instant, and the oldest while
    /// there is too much.</summary>
    /// <param name="until">In µs since 1970.</param>
    /// <param name="limit">Maximum number of bytes that stay.</param>
    /// <returns>Number of deleted rows.</returns>
    public async Task<int> DeleteOldAsync(long until, long limit, CancellationToken cancel)
    {
        await using var connection = await _connect(cancel);
        await using var command = connection.CreateCommand();
        command.Add("@limit", limit);
        if (await connection.NumberAsync(OutputTables.Total, cancel) > limit)
        {
            command.CommandText = OutputTables.OverTotal;
            until = Math.Max(until, await command.NumberAsync(cancel));
        }
        command.Add("@until", until);
        command.CommandText = OutputTables.Drop;
        var deleted = await command.ExecuteNonQueryAsync(cancel);
        if (deleted > 0 && connection is SqliteConnection)
        {
            command.CommandText = "PRAGMA incremental_vacuum";
            await command.ExecuteNonQueryAsync(cancel);
        }
        return deleted;
    }

    private static async Task<DbConnection> OpenFileAsync(string path, CancellationToken cancel)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path }.ToString()
        );
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA secure_delete=ON";
        await command.ExecuteNonQueryAsync(cancel);
        return connection;
    }

    private static IEnumerable<List<StoredChunk>> Statements(IEnumerable<StoredChunk> parts)
    {
        var rows = new List<StoredChunk>();
        var bytes = 0L;
        foreach (var part in parts)
        {
            rows.Add(part);
            bytes += part.Data.Length;
            if (bytes < StatementBytes && rows.Count < RowsMax)
                continue;
            yield return rows;
            rows = [];
            bytes = 0;
        }
        if (rows.Count > 0)
            yield return rows;
    }

    private static DbCommand Insert(DbConnection connection, List<StoredChunk> rows)
    {
        var command = connection.CreateCommand();
        var text = new StringBuilder(OutputTables.Insert);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(i == 0 ? "" : ",")}(@j{i},@a{i},@s{i},@f{i},@z{i},@e{i},@b{i},@d{i})"
            );
            command.Add($"@j{i}", row.Id.Jid.Value);
            command.Add($"@a{i}", row.Id.Number);
            command.Add($"@s{i}", (int)row.Stream);
            command.Add($"@f{i}", row.At);
            command.Add($"@z{i}", row.Size);
            command.Add($"@e{i}", row.EndedAt);
            command.Add($"@b{i}", row.Data.Length);
            command.Add($"@d{i}", row.Data);
        }
        command.CommandText = text.Append(OutputTables.InsertEnd).ToString();
        return command;
    }

    private static async Task<(long First, long Size)?> HeadAsync(
        DbCommand command,
        CancellationToken cancel
    )
    {
        command.CommandText = OutputTables.Head;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    private static async Task<ByteString> DataAsync(
        DbCommand command,
        long from,
        int max,
        CancellationToken cancel
    )
    {
        command.CommandText = OutputTables.PartAt;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
            return ByteString.Empty;
        var data = reader.GetFieldValue<byte[]>(1);
        var skip = from - reader.GetInt64(0);
        return skip < data.Length
            ? UnsafeByteOperations.UnsafeWrap(
                data.AsMemory((int)skip, (int)Math.Min(max, data.Length - skip))
            )
            : ByteString.Empty;
    }

    private static async Task<bool> AnyAsync(DbCommand command, CancellationToken cancel)
    {
        command.CommandText = OutputTables.Any;
        return await command.ExecuteScalarAsync(cancel) is not null;
    }
}
