using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class NodesCommandTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var node = new NodeView
        {
            Name = "n1",
            State = "ready",
            Capacity = new Resources { Cores = 4, MemoryBytes = 8L << 30 },
            InUse = new Resources { Cores = 1, MemoryBytes = 300L << 20 },
            Processing = 1,
            Limits = "cgroup v2",
        };
        Cloud.Nodes = _ => new NodesReply { Nodes = { node } };
    }

    [Fact]
    public async Task A_table_shows_the_resources_of_each_node()
    {
        var lines = (await RunAsync("nodes")).Output.Split('\n');

        Assert.StartsWith("name  state  cores  cores_used  memory  memory_used", lines[0]);
        Assert.StartsWith("n1    ready  4      1           8 GiB   300 MiB", lines[1]);
    }

    [Theory]
    [InlineData(60, "")]
    [InlineData(80, "")]
    [InlineData(100, "reason")]
    [InlineData(160, "reason limits since")]
    public async Task The_table_fits_the_terminal_whatever_nodes_have_to_say(int width, string more)
    {
        var now = DateTimeOffset.UtcNow;
        Cloud.Nodes = _ => new NodesReply
        {
            Nodes =
            {
                Enumerable
                    .Range(1, 3)
                    .Select(number => new NodeView
                    {
                        Name = $"node-with-a-name-{number}",
                        State = "not ready",
                        Capacity = new Resources { Cores = 128, MemoryBytes = 1900L << 30 },
                        InUse = new Resources { Cores = 100, MemoryBytes = 1500L << 30 },
                        Processing = 12_000,
                        Assigned = 3_000,
                        Limits = "none: this user has no permission to create cgroups",
                        Isolation = new() { NoSandbox = "bubblewrap is not installed" },
                        Version = "0.1.0+0123456789",
                        Since = now.AddDays(-100).ToMicroseconds(),
                        Address = $"node-{number}.cluster.example.org:4053",
                        Reason = "its lease of the store has run out, since the store is away",
                        DrainedBy = "ann",
                        DrainedSince = now.AddHours(-1).ToMicroseconds(),
                        DrainStopsAt = now.AddHours(1).ToMicroseconds(),
                        Roles = { "control", "worker" },
                        CertificateUntil = now.AddDays(300).ToMicroseconds(),
                    }),
            },
        };
        (OnTerminal, Width, Variables["NO_COLOR"]) = (true, width, "1");

        var lines = (await RunAsync("nodes")).Output.TrimEnd('\n').Split('\n');

        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
        Assert.All(lines.Skip(1), line => Assert.StartsWith("node-wi", line));
        var shown = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(
            more.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            column => Assert.Contains(column, shown)
        );
    }

    [Fact]
    public async Task Memory_is_in_bytes_in_JSON()
    {
        var node = (await RunAsync("-o", "json", "nodes")).Json.GetProperty("nodes")[0];

        Assert.Equal(8L << 30, node.GetProperty("memory").GetInt64());
        Assert.Equal("cgroup v2", node.GetProperty("limits").GetString());
    }

    [Fact]
    public async Task A_certificate_near_its_end_is_warned_of_after_the_table()
    {
        var soon = DateTimeOffset.UtcNow.AddDays(10);
        Cloud.Nodes = _ => new NodesReply
        {
            Nodes =
            {
                new NodeView { Name = "n1", CertificateUntil = soon.ToMicroseconds() },
                new NodeView { Name = "n2", CertificateUntil = soon.AddDays(90).ToMicroseconds() },
            },
        };
        var ran = await RunAsync("-o", "json", "nodes");
        Assert.NotEqual(
            "",
            ran.Json.GetProperty("nodes")[1].GetProperty("certificate_until").GetString()
        );
        Assert.Contains("The certificate of node n1 expires on ", ran.Error);
        Assert.Contains("renew it with 'jobcloud ca node n1 --renew'.", ran.Error);
        Assert.DoesNotContain("n2", ran.Error);
    }

    [Theory]
    [InlineData("", "", "bubblewrap", "bubblewrap", true, null)]
    [InlineData(
        "",
        "not permitted",
        "bubblewrap, no private network: not permitted",
        "bubblewrap",
        false,
        "not permitted"
    )]
    [InlineData("not there", "not there", "none: not there", "none", false, "not there")]
    public async Task The_sandbox_of_a_node_is_shown(
        string noSandbox,
        string noNetwork,
        string shown,
        string sandbox,
        bool hasNetwork,
        string? problem
    )
    {
        var node = new NodeView
        {
            Name = "n1",
            Isolation = new() { NoSandbox = noSandbox, NoPrivateNetwork = noNetwork },
        };
        Cloud.Nodes = _ => new NodesReply { Nodes = { node } };

        var json = (await RunAsync("-o", "json", "nodes")).Json.GetProperty("nodes")[0];

        Assert.Contains(shown, (await RunAsync("nodes")).Output);
        Assert.Equal(sandbox, json.GetProperty("sandbox").GetString());
        Assert.Equal(hasNetwork, json.GetProperty("private_network").GetBoolean());
        Assert.Equal(problem, json.GetProperty("sandbox_problem").GetString());
    }

    [Fact]
    public async Task Drain_sends_its_options()
    {
        await RunAsync("nodes", "drain", "n1", "--deadline", "10m", "--force", "--reason", "disk");

        Assert.Equal(
            new DrainRequest
            {
                Node = "n1",
                DeadlineMs = 600_000,
                Force = true,
                Reason = "disk",
            },
            Cloud.The<DrainRequest>()
        );
    }

    [Fact]
    public async Task Undrain_sends_the_name_of_the_node()
    {
        await RunAsync("nodes", "undrain", "n1");

        Assert.Equal(new DrainRequest { Node = "n1", Undrain = true }, Cloud.The<DrainRequest>());
    }

    [Fact]
    public async Task Drain_requires_a_node()
    {
        Assert.Equal(2, (await RunAsync("nodes", "drain")).Code);
    }
}
