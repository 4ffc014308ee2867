using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Outputs.Storage;

/// <summary>Empty output stores, on every kind of store that this machine has.</summary>
public sealed class OutputStores : IDisposable
{
    private readonly List<TestHome> _homes = [];
    private readonly Lazy<PostgreSql> _server = new(PostgreSql.Start);

    public static TheoryData<StoreProvider> Here { get; } =
        PostgreSql.IsInstalled
            ? [StoreProvider.Sqlite, StoreProvider.PostgreSql]
            : [StoreProvider.Sqlite];

    internal async Task<OutputStore> OpenAsync(StoreProvider provider)
    {
        var home = new TestHome();
        _homes.Add(home);
        var settings = home.Settings();
        PrivateFolder.Create(settings.Paths.Store);
        var store = await NodeStore.OpenAsync(
            provider == StoreProvider.Sqlite ? settings.Store : Shared(settings.Store),
            settings.Paths,
            DateTimeOffset.UnixEpoch,
            default
        );
        var outputs = await OutputStore.OpenAsync(provider, store, settings.Paths, default);
        await outputs.DeleteOldAsync(long.MaxValue, 0, default);
        return outputs;
    }

    public void Dispose()
    {
        if (_server.IsValueCreated)
            _server.Value.Dispose();
        foreach (var home in _homes)
            home.Dispose();
    }

    private StoreSettings Shared(StoreSettings settings) =>
        settings with
        {
            Provider = StoreProvider.PostgreSql,
            Connection = _server.Value.Connection,
        };
}
