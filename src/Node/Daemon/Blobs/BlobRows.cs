using System.Data.Common;
using System.Globalization;
using Google.Protobuf;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>A submission that refers to contents.</summary>
internal readonly record struct BoundSubmission(long First, long Last, long Since);

/// <summary>
/// The rows of contents and of the references to them. An owner may refer to a content as long as
/// a reference of his exists: he has sent it. Sending makes a reference without a submission, which
/// expires; the first submission takes its place.
/// </summary>
internal sealed class BlobRows(NodeStore store, StoreProvider provider)
{
    /// <summary>SQLite has one writer at a time anyway.</summary>
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtext('jobcloud_blobs'))";

    private const string Sent = """
        INSERT INTO blob_refs (sha256, owner, submission_first, submission_last, since)
        VALUES (@sha, @owner, 0, 0, @now)
        ON CONFLICT (sha256, owner, submission_first) DO UPDATE SET since = excluded.since
        """;

    private const string Refer = """
        INSERT INTO blob_refs (sha256, owner, submission_first, submission_last, since)
        SELECT sha256, @owner, @first, @last, @now FROM blobs
        WHERE sha256 = @sha AND (size = @size OR @size < 0) AND EXISTS (
            SELECT 1 FROM blob_refs WHERE sha256 = @sha AND owner = @owner)
        ON CONFLICT (sha256, owner, submission_first)
        DO UPDATE SET submission_last = excluded.submission_last, since = excluded.since
        """;

    private const string Unsend =
        "DELETE FROM blob_refs WHERE sha256 = @sha AND owner = @owner AND submission_first = 0";

    private const string Release = """
        DELETE FROM blob_refs WHERE submission_last = @last AND submission_first = @first
        RETURNING sha256
        """;

    private const string Expire = """
        DELETE FROM blob_refs WHERE submission_last = 0 AND submission_first = 0 AND since < @before
        RETURNING sha256
        """;

    private const string Unused = """
        SELECT sha256 FROM blobs WHERE NOT EXISTS (
            SELECT 1 FROM blob_refs WHERE blob_refs.sha256 = blobs.sha256)
        """;

    private const string Bound = """
        SELECT submission_first, submission_last, min(since) FROM blob_refs
        WHERE submission_last >= @from AND submission_first > 0
        GROUP BY submission_last, submission_first ORDER BY submission_last, submission_first
        LIMIT @most
        """;

    /// <summary>Begins a transaction that no other writer of these rows can disturb.</summary>
    public async Task<BlobTransaction> BeginAsync(CancellationToken cancel)
    {
        var connection = await store.ConnectAsync(cancel);
        try
        {
            var begun = new BlobTransaction(
                connection,
                await connection.BeginTransactionAsync(cancel)
            );
            if (provider == StoreProvider.PostgreSql)
                await LockAsync(begun, cancel);
            return begun;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static async Task LockAsync(BlobTransaction transaction, CancellationToken cancel)
    {
        await using var command = transaction.Command(Lock);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Notes that the owner has sent a content that is there.</summary>
    public static async Task SentAsync(
        BlobTransaction transaction,
        ByteString sha256,
        string owner,
        long now,
        CancellationToken cancel
    )
    {
        await using var command = transaction.Command(Sent);
        command.Add("@sha", sha256.ToByteArray());
        command.Add("@owner", owner);
        command.Add("@now", now);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Notes references, and returns the contents that the owner has not sent or that are
    /// gone. With a submission all are noted or none.</summary>
    /// <param name="submission">Default: none yet.</param>
    public async Task<IReadOnlyList<BlobRef>> ReferAsync(
        IEnumerable<BlobRef> blobs,
        string owner,
        BoundSubmission submission,
        CancellationToken cancel
    )
    {
        await using var transaction = await BeginAsync(cancel);
        await using var refer = transaction.Command(Refer);
        var (sha, size) = (refer.Add("@sha"), refer.Add("@size"));
        refer.Add("@owner", owner);
        refer.Add("@first", submission.First);
        refer.Add("@last", submission.Last);
        refer.Add("@now", submission.Since);
        await using var unsend = transaction.Command(Unsend);
        var sent = unsend.Add("@sha");
        unsend.Add("@owner", owner);
        var missing = new List<BlobRef>();
        foreach (var blob in blobs)
        {
            (sha.Value, size.Value) = (blob.Sha256.ToByteArray(), blob.Size);
            sent.Value = sha.Value;
            if (await refer.ExecuteNonQueryAsync(cancel) == 0)
                missing.Add(blob);
            else if (submission.First > 0)
                await unsend.ExecuteNonQueryAsync(cancel);
        }
        if (submission.First == 0 || missing.Count == 0)
            await transaction.CommitAsync(cancel);
        return missing;
    }

    /// <summary>Removes the references of a submission, and returns the contents.</summary>
    public Task<IReadOnlyList<ByteString>> ReleaseAsync(
        BoundSubmission submission,
        CancellationToken cancel
    ) =>
        ChangeAsync(
            Release,
            command =>
            {
                command.Add("@first", submission.First);
                command.Add("@last", submission.Last);
            },
            cancel
        );

    /// <summary>Removes the references without a submission that are older, and returns the
    /// contents.</summary>
    public Task<IReadOnlyList<ByteString>> ExpireAsync(long before, CancellationToken cancel) =>
        ChangeAsync(Expire, command => command.Add("@before", before), cancel);

    /// <summary>The contents that nothing refers to.</summary>
    public Task<IReadOnlyList<ByteString>> UnusedAsync(CancellationToken cancel) =>
        ChangeAsync(Unused, static _ => { }, cancel);

    /// <summary>The submissions with references that end at this jid or later, ascending.</summary>
    public async Task<IReadOnlyList<BoundSubmission>> BoundAsync(
        long from,
        int most,
        CancellationToken cancel
    )
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = Bound;
        command.Add("@from", from);
        command.Add("@most", most);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var bound = new List<BoundSubmission>();
        while (await rows.ReadAsync(cancel))
            bound.Add(new(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2)));
        return bound;
    }

    /// <summary>The names of those of these contents that a shared store has.</summary>
    public async Task<IReadOnlySet<string>> KnownAsync(
        IReadOnlyList<byte[]> hashes,
        CancellationToken cancel
    )
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT sha256 FROM blobs WHERE sha256 = ANY(@hashes)";
        command.Add("@hashes", hashes.ToArray());
        var known = new HashSet<string>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            known.Add(Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0)));
        return known;
    }

    /// <summary>Whether a content has a row.</summary>
    public static async Task<bool> HasAsync(
        BlobTransaction transaction,
        ByteString sha256,
        CancellationToken cancel
    )
    {
        await using var command = transaction.Command(
            "SELECT count(*) FROM blobs WHERE sha256 = @sha"
        );
        command.Add("@sha", sha256.ToByteArray());
        var found = await command.ExecuteScalarAsync(cancel);
        return Convert.ToInt64(found, CultureInfo.InvariantCulture) > 0;
    }

    private async Task<IReadOnlyList<ByteString>> ChangeAsync(
        string sql,
        Action<DbCommand> fill,
        CancellationToken cancel
    )
    {
        await using var transaction = await BeginAsync(cancel);
        var contents = new HashSet<ByteString>();
        await using (var command = transaction.Command(sql))
        {
            fill(command);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
                contents.Add(ByteString.CopyFrom(rows.GetFieldValue<byte[]>(0)));
        }
        await transaction.CommitAsync(cancel);
        return [.. contents];
    }
}

/// <summary>An open transaction with its connection; disposed of without a commit, it changes
/// nothing.</summary>
internal sealed class BlobTransaction(DbConnection connection, DbTransaction transaction)
    : IAsyncDisposable
{
    public DbCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    public Task CommitAsync(CancellationToken cancel) => transaction.CommitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
