using Google.Protobuf;
using Grpc.Core;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Tests.Calls;

/// <summary>Calls over a table with a different reply for each.</summary>
public sealed class DispatcherTests : IDisposable
{
    private static readonly Identity Admin = new("ann", Role.Admin);

    private readonly TestHome _home = new();
    private readonly HashSet<Call> _answered = [];

    private static IEnumerable<Call> Single =>
        CloudCalls.All.Where(call => call.Type != MethodType.DuplexStreaming);

    public static TheoryData<string> Calls => [.. Single.Select(call => call.Name)];

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task All_endpoints_give_the_same_reply_to_every_call()
    {
        var settings = _home.Settings().Gateway;
        await using var server = await GatewayServer.StartAsync(
            settings,
            Dispatcher(),
            _home.Peers,
            _home.Connections(),
            default
        );
        using var grpc = new GatewayClient(settings.Socket);
        using var plain = new PlainClient(settings.Socket);
        foreach (var call in Single)
        {
            var expected = Script(call);
            Assert.Equal(expected, await ByGrpcAsync(grpc, call));
            Assert.Equal(expected, await BySessionAsync(grpc, call));
            plain.Send(new Request { Method = call.Name });
            Assert.Equal(expected, await AnswerAsync(plain.ReceiveAsync));
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_reaches_its_handler_only_for_permitted_roles(string name)
    {
        var call = CloudCalls.Find(name)!;
        foreach (var role in Enum.GetValues<Role>())
        {
            _answered.Clear();
            var refusal = await AnswerAsync(Dispatcher(), name, role);
            var isAllowed = AccessRules.Check(call, role) is null;
            Assert.Equal(isAllowed, _answered.Contains(call));
            Assert.Equal(isAllowed, refusal?.Code != RefusalCode.NotAllowed);
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_malformed_request_is_refused_as_usage(string name)
    {
        var refusal = await AnswerAsync(Dispatcher(), name, Role.Admin, [0xff, 0xff]);
        Assert.Equal(RefusalCode.Usage, refusal!.Code);
        Assert.Contains(name, refusal.Message);
        Assert.Empty(_answered);
        Assert.Empty(_home.Log.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Dance")]
    [InlineData("Session")]
    public async Task An_unknown_call_is_refused_by_name(string name)
    {
        var refusal = await AnswerAsync(Dispatcher(), name, Role.Admin);
        Assert.Equal(RefusalCode.NotSupported, refusal!.Code);
        Assert.Contains($"This node does not support the request '{name}'", refusal.Message);
    }

    [Fact]
    public async Task A_duplex_call_is_refused_as_a_single_request()
    {
        var refusal = await AnswerAsync(Dispatcher(), "Terminal", Role.Admin);
        Assert.Equal(RefusalCode.Usage, refusal!.Code);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_unready_node_answers_only_status_and_config(string name)
    {
        var facts = new NodeFacts("n1", TimeSpan.Zero, [], DateTimeOffset.UnixEpoch);
        var unready = new Dispatcher(
            NodeCalls.NotReady(facts, "starting"),
            TestHome.ErrorMapper(_home.NodeLog)
        );
        var refusal = await AnswerAsync(unready, name, Role.Admin);
        if (name is "NodeStatus" or "Config")
            Assert.Null(refusal);
        else
            Assert.Equal(
                (RefusalCode.Busy, "Node n1 is starting; try again in a moment."),
                (refusal!.Code, refusal.Message)
            );
    }

    [Fact]
    public async Task A_refusal_by_a_stopping_node_is_not_an_answer()
    {
        var facts = new NodeFacts("n1", TimeSpan.Zero, [], DateTimeOffset.UnixEpoch);
        var table = new CallTable(ScriptedCalls.Refusal);
        var dispatcher = new Dispatcher(table, TestHome.ErrorMapper(_home.NodeLog));
        table.Add(
            CloudCalls.Status,
            (_, _, _, _) =>
            {
                dispatcher.Use(NodeCalls.NotReady(facts, "stopping"));
                throw new ObjectDisposedException("the actor system");
            }
        );
        var refusal = await AnswerAsync(dispatcher, nameof(CloudCalls.Status), Role.Admin);
        Assert.Equal(
            (RefusalCode.Busy, "Node n1 is stopping; try again in a moment."),
            (refusal!.Code, refusal.Message)
        );
    }

    [Fact]
    public async Task A_failed_look_up_of_the_caller_is_refused_with_a_sentence()
    {
        var found = await Dispatcher()
            .IdentifyAsync(_ => throw new InvalidOperationException("secret"), default);
        Assert.Equal(RefusalCode.Internal, found.Refusal!.Code);
        Assert.DoesNotContain("secret", found.Refusal.Message);
    }

    [Fact]
    public async Task A_ready_node_answers_every_call()
    {
        var settings = _home.Settings();
        await using var node = await NodeHost.StartAsync(settings, _home.NodeLog, default);
        using var plain = new PlainClient(settings.Gateway.Socket);
        foreach (var call in Single)
        {
            // The scheduler is busy until it has read the drained nodes.
            List<string> answer;
            do
            {
                plain.Send(new Request { Method = call.Name });
                answer = await AnswerAsync(plain.ReceiveAsync);
            } while (call == CloudCalls.Drain && answer.Exists(entry => entry.Contains("BUSY")));
            foreach (var word in new[] { "NOT_SUPPORTED", "BUSY", "INTERNAL" })
                Assert.DoesNotContain(answer, entry => entry.Contains(word));
        }
    }

    /// <summary>A unary call gives one reply of its own; a stream gives three and a
    /// refusal.</summary>
    private static List<string> Script(Call call) =>
        call.Type == MethodType.Unary
            ? [$"{ReplyOf(call, 0).ToByteString().ToBase64()}"]
            :
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(number => ReplyOf(call, (byte)number).ToByteString().ToBase64()),
                $"{ScriptedCalls.Refusal}",
            ];

    /// <summary>A reply with an unknown field, whose value identifies the call.</summary>
    private static IMessage ReplyOf(Call call, byte number)
    {
        var which = (byte)CloudCalls.All.ToList().IndexOf(call);
        return call.ParseReply(ByteString.CopyFrom(0x80, 0x7d, which, 0x88, 0x7d, number));
    }

    private Dispatcher Dispatcher()
    {
        var table = new CallTable(ScriptedCalls.Refusal);
        foreach (var call in CloudCalls.All)
            table.Add(
                call,
                async (_, _, write, _) =>
                {
                    _answered.Add(call);
                    if (call.Type == MethodType.Unary)
                    {
                        await write(ReplyOf(call, 0), last: true);
                        return null;
                    }
                    for (byte number = 0; number < 3; number++)
                        await write(ReplyOf(call, number), last: false);
                    return ScriptedCalls.Refusal;
                }
            );
        return new Dispatcher(table, TestHome.ErrorMapper(_home.NodeLog));
    }

    private static Task<Refusal?> AnswerAsync(
        Dispatcher calls,
        string name,
        Role role,
        byte[]? payload = null
    ) =>
        calls.AnswerAsync(
            name,
            payload ?? [],
            Admin with
            {
                Role = role,
            },
            (_, _) => ValueTask.CompletedTask,
            CancellationToken.None
        );

    private static async Task<List<string>> BySessionAsync(GatewayClient client, Call call)
    {
        using var session = client.Cloud.Session();
        await session.RequestStream.WriteAsync(new Request { Method = call.Name });
        await session.RequestStream.CompleteAsync();
        return await AnswerAsync(async () =>
        {
            Assert.True(await session.ResponseStream.MoveNext(default));
            return session.ResponseStream.Current;
        });
    }

    private static async Task<List<string>> AnswerAsync(Func<Task<Reply>> next)
    {
        var answer = new List<string>();
        while (true)
        {
            var reply = await next();
            if (reply.HasPayload)
                answer.Add(reply.Payload.ToBase64());
            if (reply.Refusal is not null)
                answer.Add($"{reply.Refusal}");
            if (reply.End)
                return answer;
        }
    }

    private static async Task<List<string>> ByGrpcAsync(GatewayClient client, Call call)
    {
        var bytes = Marshallers.Create(static (byte[] b) => b, static b => b);
        var method = new Method<byte[], byte[]>(
            call.Type,
            CloudCalls.Service,
            call.Name,
            bytes,
            bytes
        );
        var answer = new List<string>();
        try
        {
            if (call.Type == MethodType.Unary)
                answer.Add(
                    Convert.ToBase64String(
                        await client.Invoker.AsyncUnaryCall(method, null, default, [])
                    )
                );
            else
            {
                using var stream = client.Invoker.AsyncServerStreamingCall(
                    method,
                    null,
                    default,
                    []
                );
                while (await stream.ResponseStream.MoveNext(default))
                    answer.Add(Convert.ToBase64String(stream.ResponseStream.Current));
            }
        }
        catch (RpcException failure)
        {
            answer.Add($"{RefusalTrailer.Of(failure)}");
        }
        return answer;
    }
}
