using System.Net.Sockets;
using Grpc.Core;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Terminals;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

public sealed class TcpEndpointTests : TcpEndpointTest
{
    [Fact]
    public async Task A_token_identifies_its_user_and_role()
    {
        var secret = await CreateAsync("ann", Role.Admin);
        var reply = await Api.TokensAsync(new(), Bearer(secret));
        Assert.Equal(("ann", Role.Admin), (reply.Tokens[0].Name, reply.Tokens[0].Role));
    }

    [Fact]
    public async Task A_token_names_the_account_of_its_jobs()
    {
        var request = new CreateTokenRequest
        {
            Name = "ci",
            Role = Role.Admin,
            RunAs = "games",
        };
        var made = await Tokens.CreateAsync(request, new("root", Role.Admin), default);
        Assert.Equal("games", made.Reply!.Token.RunAs);
        await CreateAsync("ann", Role.User);
        var all = (await Tokens.ListAsync(default)).Reply!.Tokens;
        Assert.Equal(["", "games"], all.Select(one => one.RunAs));
        var reply = await Api.TokensAsync(new(), Bearer(made.Reply.Secret));
        Assert.Equal("games", reply.Tokens[0].RunAs);
        request.RunAs = "root";
        var refused = await Tokens.CreateAsync(request, new("root", Role.Admin), default);
        Assert.Contains("not root", refused.Refusal!.Message);
    }

    [Fact]
    public async Task A_caller_without_permission_is_refused_with_the_required_role()
    {
        var secret = await CreateAsync("bob", Role.ReadOnly);
        Assert.Contains("only a user or an admin", await RefusedAsync(Bearer(secret)));
        secret = await CreateAsync("cid", Role.User);
        var reply = await Api.SubmitAsync(new() { Count = 3 }, Bearer(secret));
        Assert.Equal(3, reply.First);
    }

    [Fact]
    public async Task Requests_without_a_valid_token_are_refused()
    {
        Assert.Contains("requires an access token", await RefusedAsync([]));
        Assert.Contains("Unknown access token", await RefusedAsync(Bearer("guess")));
        Assert.Contains(
            "Unknown access token",
            await RefusedAsync(Bearer(AccessTokenRules.Secret(new byte[32])))
        );
        var secret = await CreateAsync("dan", Role.User);
        var revoked = await Tokens.RevokeAsync(new() { Name = "dan" }, default);
        Assert.True(revoked.IsGranted);
        Assert.Contains("was revoked", await RefusedAsync(Bearer(secret)));
        secret = await CreateAsync("eve", Role.User, lifetimeMs: 1);
        await Eventually.HoldsAsync(
            async () => await AnswerAsync(Bearer(secret)) is { } why && why.Contains("has expired"),
            "it has expired"
        );
    }

    [Fact]
    public async Task Revoking_a_token_ends_only_its_own_calls()
    {
        var (lost, kept) = (
            await CreateAsync("dan", Role.User),
            await CreateAsync("eve", Role.User)
        );
        Calls.Terminal = async client =>
        {
            client.Frames.Output.WriteFrame(new FromTerminal { Opened = new TerminalOpened() });
            await client.Frames.Output.FlushAsync(client.Disconnected);
            await Task.Delay(Timeout.Infinite, client.Disconnected);
        };
        using var output = Api.Output(new() { Follow = true }, Bearer(lost));
        using var terminal = Api.Terminal(Bearer(lost));
        using var session = Api.Session(Bearer(lost));
        using var waiting = Api.SubmitAsync(
            new() { Spec = new JobSpec { Command = "wait" } },
            Bearer(lost)
        );
        using var others = Api.Output(new() { Follow = true }, Bearer(kept));
        await session.RequestStream.WriteAsync(CloudCalls.Submit.With(new()).Envelope());
        Assert.True(await output.ResponseStream.MoveNext());
        Assert.True(await terminal.ResponseStream.MoveNext());
        Assert.True(await session.ResponseStream.MoveNext());
        Assert.True(await others.ResponseStream.MoveNext());

        await Tokens.RevokeAsync(new() { Name = "dan" }, default);

        var within = TimeSpan.FromSeconds(10);
        foreach (
            var end in (Task[])
                [
                    output.ResponseStream.MoveNext(),
                    terminal.ResponseStream.MoveNext(),
                    session.ResponseStream.MoveNext(),
                    waiting.ResponseAsync,
                ]
        )
            Assert.Contains(
                "dan was revoked",
                WhyOf(await Assert.ThrowsAsync<RpcException>(() => end.WaitAsync(within)))
            );
        Calls.Gate.SetResult();
        Assert.False(await others.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task A_token_name_is_reusable_only_after_revocation()
    {
        await CreateAsync("ann", Role.User);
        var again = await Tokens.CreateAsync(Request("ann", Role.User), Root, default);
        Assert.Contains("already", again.Refusal!.Message);
        await Tokens.RevokeAsync(new() { Name = "ann" }, default);
        await CreateAsync("ann", Role.User);
        Assert.False((await Tokens.RevokeAsync(new() { Name = "zoe" }, default)).IsGranted);
    }

    [Fact]
    public async Task Connections_of_strangers_shut_no_client_out()
    {
        var secret = await CreateAsync("ann", Role.User);
        Assert.Null(await AnswerAsync(Bearer(secret)));
        var idle = new List<TcpClient>();
        for (var at = 0; at < 50; at++)
            try
            {
                idle.Add(await ConnectAsync());
            }
            catch (SocketException)
            {
                // The node closed it before the kernel told of its start.
            }
        // Both the open connection and a new one serve the client.
        Assert.Null(await AnswerAsync(Bearer(secret)));
        using var other = Channel(Authority);
        var reply = await new Cloud.CloudClient(other).SubmitAsync(
            new() { Count = 1 },
            Bearer(secret)
        );
        Assert.Equal(1, reply.Last);
        // All but the newest were closed at once, long before a time limit.
        foreach (var one in idle.SkipLast(1))
            await DrainedAsync(one.GetStream());
        Assert.Contains("closed the oldest connection", $"{Home.Log}");
        idle.ForEach(one => one.Dispose());
    }
}
