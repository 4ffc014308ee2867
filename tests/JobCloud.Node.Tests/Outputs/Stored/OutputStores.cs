using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Outputs.Stored;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Outputs.Stored;

/// <summary>Empty output stores, on every kind of store that this machine has.</summary>
public sealed class OutputStores : IDisposable
{
    private readonly List<TestHome> _homes = [];
    private readonly Lazy<PostgreSql> _server = new(PostgreSql.Start);

    public static TheoryData<StoreProvider> Here { get; } =
        PostgreSql.IsHere
            ? [StoreProvider.Sqlite, StoreProvider.PostgreSql]
            : [StoreProvider.Sqlite];

    internal async Task<StoredOutputs> OpenAsync(StoreProvider provider)
    {
        var home = new TestHome();
        _homes.Add(home);
        var settings = home.Settings();
        PrivateFolder.Make(settings.Paths.Store);
        var store = await NodeStore.OpenAsync(
            provider == StoreProvider.Sqlite ? settings.Store : Shared(settings.Store),
            settings.Paths,
            DateTimeOffset.UnixEpoch,
            default
        );
        var outputs = await StoredOutputs.OpenAsync(provider, store, settings.Paths, default);
        await outputs.DropAsync(long.MaxValue, 0, default);
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
