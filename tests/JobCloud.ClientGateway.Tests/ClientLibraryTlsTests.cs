using System.Net;
using System.Net.Sockets;
using JobCloud.Client;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using MapRequest = JobCloud.Client.MapRequest;

namespace JobCloud.ClientGateway.Tests;

/// <summary>The client library at the TCP endpoint of a node: TLS and an access token.</summary>
public sealed class ClientLibraryTlsTests : IAsyncLifetime
{
    private readonly int _port = FreePort();
    private TestNode _node = null!;
    private string _tokenFile = "";

    private JobCloudClientOptions Options =>
        new()
        {
            Server = $"https://127.0.0.1:{_port}",
            TokenFile = _tokenFile,
            CaFile = _node.Paths.TlsAuthority,
            Home = Path.Combine(_node.Paths.Home, "elsewhere"),
            Timeout = TimeSpan.FromMinutes(1),
        };

    public async Task InitializeAsync()
    {
        _node = await TestNode.StartAsync(
            "n1",
            $"--set=jobcloud.gateway.tcp.address=127.0.0.1:{_port}"
        );
        _tokenFile = Path.Combine(_node.Paths.Home, "token");
        var reply = await AskAsync(
            CloudCalls.CreateToken.With(new() { Name = "ann", Role = Role.User })
        );
        await File.WriteAllTextAsync(
            _tokenFile,
            CreateTokenReply.Parser.ParseFrom(reply.Payload).Secret
        );
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_client_of_another_machine_submits_waits_lists_and_changes_jobs()
    {
        using var cloud = await JobCloudClient.ConnectAsync(Options);
        var map = await cloud.SubmitAsync(
            new MapRequest("echo {i}")
            {
                Range = ["1-3"],
                Label = "night",
                Cores = 1,
            }
        );
        Assert.True((await cloud.WaitAsync(map)).AllDone);
        _node.Executor.Holds = true;
        var held = await cloud.SubmitAsync(new JobRequest("sleep 60") { Cores = 4 });
        var queued = await cloud.SubmitAsync(new JobRequest("true") { Cores = 4 });
        Assert.Equal(new JobChanges(1, 1, null), await cloud.PrioritizeAsync(queued, -7));

        var page = await cloud.ListAsync(new ListOptions { Limit = 2 });
        Assert.True(page.IsTruncated);
        Assert.Equal([queued.First, held.First], page.Rows.Select(row => row.First));
        Assert.Equal(-7, page.Rows[0].Fields.GetProperty("priority").GetInt32());
        var rest = await cloud.ListAsync(
            new ListOptions { Query = "label=night", After = page.Rows[^1].First }
        );
        var row = Assert.Single(rest.Rows);
        Assert.Equal((map.First, map.Last, false), (row.First, row.Last, rest.IsTruncated));
        Assert.Equal(3, row.Fields.GetProperty("counts").GetProperty("done").GetInt32());
        var wrong = await Assert.ThrowsAsync<JobCloudException>(() =>
            cloud.ListAsync(new ListOptions { Query = "label=" })
        );
        Assert.Equal("usage", wrong.Code);

        var node = Assert.Single(await cloud.GetNodesAsync());
        Assert.Equal(("n1", "ready"), (node.Name, node.State));
        Assert.Equal(4, node.Facts.GetProperty("cores").GetInt32());
    }

    [Fact]
    public async Task A_revoked_token_and_an_unknown_CA_are_named_in_the_error()
    {
        using var cloud = await JobCloudClient.ConnectAsync(Options);
        await AskAsync(CloudCalls.RevokeToken.With(new() { Name = "ann" }));
        var revoked = await Assert.ThrowsAsync<JobCloudException>(async () =>
        {
            using var late = await JobCloudClient.ConnectAsync(Options);
            await late.GetNodesAsync();
        });
        Assert.Equal("not-allowed", revoked.Code);
        Assert.Contains("The access token ann was revoked", revoked.Message);
        await File.WriteAllTextAsync(
            $"{_node.Paths.Home}/other.pem",
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
        );
        var distrusted = await Assert.ThrowsAsync<JobCloudException>(async () =>
        {
            using var other = await JobCloudClient.ConnectAsync(
                Options with
                {
                    CaFile = $"{_node.Paths.Home}/other.pem",
                }
            );
            await other.GetNodesAsync();
        });
        Assert.Contains("other.pem", distrusted.Message);
    }

    private async Task<Reply> AskAsync(CallRequest request)
    {
        Reply? last = null;
        await _node.Host.Calls.AnswerAsync(
            request.Envelope(),
            new Identity("root", Role.Admin),
            reply =>
            {
                last = reply;
                return ValueTask.CompletedTask;
            },
            default
        );
        Assert.Null(last!.Refusal);
        return last;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
