using System.Text.Json;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Nodes of one cloud on one PostgreSQL store, each with its own home.</summary>
internal sealed class SharedStore : IDisposable
{
    private readonly PostgreSql _store = PostgreSql.Start();
    private readonly TestAuthority _authority = new();

    /// <summary>A node of the cloud, not started.</summary>
    /// <param name="more">Additional settings in HOCON.</param>
    public Cloud Node(string name, string more = "")
    {
        var node = new Cloud();
        _authority.GiveTo(node.Home, name: name);
        File.WriteAllText(
            Path.Combine(node.Home, "jobcloud.conf"),
            $$"""
            jobcloud {
              node { name = {{name}}, cores = 1 }
              store { provider = postgresql, connection = "{{_store.Connection}}" }
              cluster.form-after = 3s
              gateway.answer-within = 3s
            }
            akka.remote.dot-netty.tcp.port = 0
            {{more}}
            """
        );
        return node;
    }

    /// <summary>The rows of <c>nodes</c>, by name.</summary>
    public static async Task<Dictionary<string, JsonElement>> NodesAsync(Cloud cloud) =>
        JsonDocument
            .Parse(await cloud.OkAsync("-o", "json", "nodes"))
            .RootElement.GetProperty("nodes")
            .EnumerateArray()
            .ToDictionary(node => node.GetProperty("name").GetString()!);

    public void Dispose()
    {
        _store.Dispose();
        _authority.Dispose();
    }
}
