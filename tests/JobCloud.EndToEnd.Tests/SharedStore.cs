using System.Text.Json;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Nodes of one cloud, each in a home of its own, over one PostgreSQL store.</summary>
internal sealed class SharedStore : IDisposable
{
    private readonly PostgreSql store = PostgreSql.Start();

    /// <summary>Gives the home its settings.</summary>
    /// <param name="more">Further settings, in HOCON.</param>
    public Task SettleAsync(Cloud cloud, string name, string more = "") =>
        File.WriteAllTextAsync(
            Path.Combine(cloud.Home, "jobcloud.conf"),
            $$"""
            jobcloud {
              node { name = {{name}}, cores = 1 }
              store { provider = postgresql, connection = "{{store.Connection}}" }
              cluster.form-after = 3s
              gateway.answer-within = 3s
            }
            akka.remote.dot-netty.tcp.port = 0
            {{more}}
            """
        );

    /// <summary>The rows of <c>nodes</c>, by name.</summary>
    public static async Task<Dictionary<string, JsonElement>> NodesAsync(Cloud cloud) =>
        JsonDocument
            .Parse(await cloud.OkAsync("-o", "json", "nodes"))
            .RootElement.GetProperty("nodes")
            .EnumerateArray()
            .ToDictionary(node => node.GetProperty("name").GetString()!);

    public void Dispose() => store.Dispose();
}
