using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>The deny list of a cloud in its store, shared by all nodes. Throws a <see
/// cref="DbException"/> while the store is unavailable.</summary>
internal sealed class DenialStore(NodeStore store)
{
    /// <summary>Returns all denials, ordered by subject.</summary>
    public async Task<IReadOnlyList<Denial>> AllAsync(CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = DenialTables.All;
        var denials = new List<Denial>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            denials.Add(Read(reader));
        return denials;
    }

    /// <returns>False if the subject is denied already.</returns>
    public Task<bool> AddAsync(
        DenyRequest request,
        string by,
        long now,
        CancellationToken cancel
    ) => ChangeAsync(DenialTables.Add, request, by, now, cancel);

    /// <returns>False if the subject is not denied.</returns>
    public Task<bool> LiftAsync(
        DenyRequest request,
        string by,
        long now,
        CancellationToken cancel
    ) => ChangeAsync(DenialTables.Lift, request, by, now, cancel);

    private async Task<bool> ChangeAsync(
        string text,
        DenyRequest request,
        string by,
        long now,
        CancellationToken cancel
    )
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        command.Add("@subject", request.Subject);
        command.Add("@by", by);
        command.Add("@now", now);
        if (!request.Lift)
            command.Add("@reason", request.Reason);
        return await command.ExecuteNonQueryAsync(cancel) > 0;
    }

    private static Denial Read(DbDataReader row) =>
        new()
        {
            Subject = row.GetString(0),
            Reason = row.GetString(1),
            By = row.GetString(2),
            Since = row.GetInt64(3),
            Lifted = row.GetInt64(4),
            LiftedBy = row.GetString(5),
        };
}
