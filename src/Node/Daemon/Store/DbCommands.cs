using System.Data.Common;
using System.Globalization;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Shorthands for ADO.NET commands.</summary>
internal static class DbCommands
{
    public static DbParameter Add(this DbCommand command, string name, object? value = null)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>The number that a statement answers.</summary>
    public static async Task<long> NumberAsync(
        this DbConnection connection,
        string sql,
        CancellationToken cancel,
        DbTransaction? transaction = null
    )
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return await command.NumberAsync(cancel);
    }

    /// <inheritdoc cref="NumberAsync(DbConnection, string, CancellationToken, DbTransaction?)"/>
    public static async Task<long> NumberAsync(this DbCommand command, CancellationToken cancel) =>
        Convert.ToInt64(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture);

    /// <summary>Runs statements that answer nothing.</summary>
    public static async Task ExecuteAsync(
        this DbConnection connection,
        string sql,
        CancellationToken cancel,
        DbTransaction? transaction = null
    )
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancel);
    }
}
