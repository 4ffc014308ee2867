using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.AccessTokens;

/// <summary>The access tokens of a cloud in its store, shared by all nodes. Throws a <see
/// cref="DbException"/> while the store is unavailable.</summary>
internal sealed class TokenStore(NodeStore store)
{
    /// <summary>Returns all tokens with their hashes, ordered by name.</summary>
    public async Task<IReadOnlyList<(Token Token, string Hash)>> AllAsync(CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = TokenTables.All;
        var tokens = new List<(Token, string)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            tokens.Add((Read(reader), reader.GetString(1)));
        return tokens;
    }

    /// <returns>False if a valid token has that name.</returns>
    public async Task<bool> AddAsync(Token token, string hash, CancellationToken cancel) =>
        await ChangeAsync(
            TokenTables.Add,
            cancel,
            ("@name", token.Name),
            ("@hash", hash),
            ("@holder", token.User),
            ("@role", (int)token.Role),
            ("@created", token.Created),
            ("@creator", token.By),
            ("@expires", token.Expires),
            ("@account", token.RunAs)
        ) > 0;

    /// <returns>False if there is no token of that name to revoke.</returns>
    public async Task<bool> RevokeAsync(string name, long now, CancellationToken cancel) =>
        await ChangeAsync(TokenTables.Revoke, cancel, ("@name", name), ("@now", now)) > 0;

    private async Task<int> ChangeAsync(
        string text,
        CancellationToken cancel,
        params (string Name, object Value)[] values
    )
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
            command.Add(name, value);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static Token Read(DbDataReader row) =>
        new()
        {
            Name = row.GetString(0),
            User = row.GetString(2),
            Role = (Role)row.GetInt32(3),
            Created = row.GetInt64(4),
            By = row.GetString(5),
            Expires = row.GetInt64(6),
            Revoked = row.GetInt64(7),
            RunAs = row.GetString(8),
        };
}
