using JobCloud.Node.Daemon.Settings;
using Npgsql;

namespace JobCloud.Node.Daemon.Store;

public enum StoreProvider
{
    Sqlite,
    PostgreSql,
}

/// <summary>The store of acknowledged state (<c>jobcloud.store</c>).</summary>
internal sealed record StoreSettings
{
    public required StoreProvider Provider { get; init; }
    public required string Connection { get; init; }

    /// <summary>Whether every commit is flushed to the disk.</summary>
    public required bool SurvivesPowerLoss { get; init; }
    public required TimeSpan WriteWithin { get; init; }

    internal static StoreSettings Read(SettingsReader read)
    {
        const string ConnectionKey = "jobcloud.store.connection";
        var provider = read.OneOf(
            "jobcloud.store.provider",
            "Store of acknowledged state: sqlite (embedded, one node) or postgresql (a cluster).",
            "sqlite",
            "postgresql"
        );
        var settings = new StoreSettings
        {
            Provider = provider == "sqlite" ? StoreProvider.Sqlite : StoreProvider.PostgreSql,
            Connection = read.Secret(
                ConnectionKey,
                "Connection string of the postgresql store. Its value is never shown."
            ),
            SurvivesPowerLoss =
                read.OneOf(
                    "jobcloud.store.durability",
                    "full: acknowledged changes survive power loss. normal: they survive kill "
                        + "-9 of any process, and commits are about twice as fast.",
                    "full",
                    "normal"
                ) == "full",
            WriteWithin = read.Duration(
                "jobcloud.store.write-within",
                "10s",
                "A write that takes longer than this counts as failed.",
                least: "100ms"
            ),
        };
        if (settings.Provider == StoreProvider.PostgreSql && !IsConnection(settings.Connection))
            read.Refuse(ConnectionKey, "a connection string such as Host=db;Database=jobcloud");
        return settings;
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
