using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Testing;
using Npgsql;

namespace JobCloud.Node.Tests.Membership;

/// <summary>One PostgreSQL server for a test class, with an empty database per store.</summary>
public sealed class SharedStore : IDisposable
{
    private readonly Lazy<PostgreSql> _server = new(PostgreSql.Start);
    private readonly List<TestHome> _homes = [];
    private readonly TestAuthority _authority = new();
    private int _databases;

    public PostgreSql Server => _server.Value;

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public string NewDatabase()
    {
        var name = $"cloud{++_databases}";
        using var connection = new NpgsqlConnection(Server.Connection);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        command.ExecuteNonQuery();
        return new NpgsqlConnectionStringBuilder(Server.Connection)
        {
            Database = name,
        }.ConnectionString;
    }

    internal async Task<NodeRegistry> RegistryAsync() =>
        new NodeRegistry(await StoreAsync(NewDatabase()));

    internal async Task<NodeStore> StoreAsync(string database)
    {
        var home = NewHome();
        var settings = Settings(home, database, "--name", "none");
        return await NodeStore.OpenAsync(
            settings.Store,
            settings.Paths,
            DateTimeOffset.UnixEpoch,
            default
        );
    }

    /// <param name="name">The name in its certificate.</param>
    public TestHome NewHome(string name = "here")
    {
        var home = new TestHome();
        _authority.GiveTo(home.Path, name: name);
        _homes.Add(home);
        return home;
    }

    internal static NodeSettings Settings(
        TestHome home,
        string database,
        params string[] arguments
    ) =>
        home.Settings([
            "--set",
            "jobcloud.store.provider=postgresql",
            "--set",
            $"jobcloud.store.connection={database}",
            "--set",
            "akka.cluster.split-brain-resolver.active-strategy=lease-majority",
            .. arguments,
        ]);

    public void Dispose()
    {
        // Members that sent each other a message without a rule.
        Assert.All(_homes, home => Assert.DoesNotContain("Refused from", home.Log.ToString()));
        NpgsqlConnection.ClearAllPools();
        if (_server.IsValueCreated)
            _server.Value.Dispose();
        foreach (var home in _homes)
            home.Dispose();
        _authority.Dispose();
    }
}
