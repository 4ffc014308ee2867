using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Status = Grpc.Core.Status;

namespace JobCloud.Tui.Tests.Headless;

/// <summary>A node that answers by script and remembers what it was asked.</summary>
internal sealed class ScriptedCloud : IAsyncDisposable
{
    private readonly ConcurrentQueue<IMessage> requests = new();
    private readonly WebApplication application;

    private ScriptedCloud(string socket)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2)
        );
        application = builder.Build();
        application.MapGrpcService<Service>();
    }

    public Func<SubmitRequest, SubmitReply> Submit { get; set; } = _ => throw Unscripted();
    public Func<StatusRequest, StatusReply> Status { get; set; } = _ => throw Unscripted();
    public Func<AwaitRequest, IEnumerable<AwaitReply>> Await { get; set; } =
        _ => throw Unscripted();
    public Func<InfoRequest, IEnumerable<JobDetail>> Info { get; set; } = _ => throw Unscripted();
    public Func<OutputRequest, IEnumerable<OutputChunk>> Output { get; set; } =
        _ => throw Unscripted();
    public Func<IMessage, ChangeReply> Change { get; set; } = _ => throw Unscripted();
    public Func<ListRequest, ListReply> List { get; set; } = _ => throw Unscripted();
    public Func<ExplainRequest, ExplainReply> Explain { get; set; } = _ => throw Unscripted();
    public Func<EventsRequest, IEnumerable<EventsReply>> Events { get; set; } =
        _ => throw Unscripted();
    public Func<IMessage, NodesReply> Nodes { get; set; } = _ => throw Unscripted();
    public Func<IMessage, DefinitionsReply> Definitions { get; set; } = _ => throw Unscripted();
    public Func<CreateTokenRequest, CreateTokenReply> CreateToken { get; set; } =
        _ => throw Unscripted();
    public Func<IMessage, TokensReply> Tokens { get; set; } = _ => throw Unscripted();
    public Func<NodeStatusReply> NodeStatus { get; set; } = () => new() { Ready = true };
    public Func<ConfigReply> Config { get; set; } = () => new();
    public Func<IMessage, IMessage> Session { get; set; } = _ => throw Unscripted();

    /// <summary>Which replies of a session go out once another is there: held ones may be kept.</summary>
    public Func<List<Reply>, Reply, IEnumerable<Reply>> Reorder { get; set; } =
        (_, reply) => [reply];

    /// <summary>The value of the header <c>authorization</c> of the latest request.</summary>
    public string? Authorization { get; private set; }

    /// <summary>The only request of its kind that was made.</summary>
    public T The<T>()
        where T : IMessage => Assert.Single(requests.OfType<T>());

    public bool WasAsked => !requests.IsEmpty;

    public static async Task<ScriptedCloud> StartAsync(string socket)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        var cloud = new ScriptedCloud(socket);
        await cloud.application.StartAsync();
        return cloud;
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    /// <summary>What a node throws to refuse a request.</summary>
    public static RpcException Refusal(RefusalCode code, string message, long jid = 0)
    {
        var refusal = new Refusal
        {
            Code = code,
            Message = message,
            Jid = jid,
        };
        return new RpcException(
            new Status(StatusCode.FailedPrecondition, message),
            RefusalTrailer.Of(refusal)
        );
    }

    private static RpcException Unscripted() =>
        new(new Status(StatusCode.Unimplemented, "not scripted"));

    private T Seen<T>(T request, ServerCallContext context)
        where T : IMessage
    {
        requests.Enqueue(request);
        Authorization = context.RequestHeaders.GetValue("authorization");
        return request;
    }

    internal sealed class Service(ScriptedCloud cloud) : Cloud.CloudBase
    {
        public override Task<SubmitReply> Submit(SubmitRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Submit(cloud.Seen(r, c)));

        public override Task<StatusReply> Status(StatusRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Status(cloud.Seen(r, c)));

        public override Task<ChangeReply> Kill(KillRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Change(cloud.Seen(r, c)));

        public override Task<ChangeReply> Delete(DeleteRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Change(cloud.Seen(r, c)));

        public override Task<ChangeReply> Retry(RetryRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Change(cloud.Seen(r, c)));

        public override Task<ChangeReply> Prioritize(PrioritizeRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Change(cloud.Seen(r, c)));

        public override Task<ListReply> List(ListRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.List(cloud.Seen(r, c)));

        public override Task<ExplainReply> Explain(ExplainRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Explain(cloud.Seen(r, c)));

        public override Task<NodesReply> Nodes(NodesRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Nodes(cloud.Seen(r, c)));

        public override Task<NodesReply> Drain(DrainRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Nodes(cloud.Seen(r, c)));

        public override Task<DefinitionsReply> Definitions(
            DefinitionsRequest r,
            ServerCallContext c
        ) => Task.FromResult(cloud.Definitions(cloud.Seen(r, c)));

        public override Task<DefinitionsReply> Define(DefineRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Definitions(cloud.Seen(r, c)));

        public override Task<DefinitionsReply> Undefine(UndefineRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Definitions(cloud.Seen(r, c)));

        public override Task<CreateTokenReply> CreateToken(
            CreateTokenRequest r,
            ServerCallContext c
        ) => Task.FromResult(cloud.CreateToken(cloud.Seen(r, c)));

        public override Task<TokensReply> Tokens(TokensRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Tokens(cloud.Seen(r, c)));

        public override Task<TokensReply> RevokeToken(RevokeTokenRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Tokens(cloud.Seen(r, c)));

        public override Task<NodeStatusReply> NodeStatus(
            NodeStatusRequest r,
            ServerCallContext c
        ) => Task.FromResult(cloud.NodeStatus());

        public override Task<ConfigReply> Config(ConfigRequest r, ServerCallContext c) =>
            Task.FromResult(cloud.Config());

        public override Task Info(
            InfoRequest r,
            IServerStreamWriter<JobDetail> w,
            ServerCallContext c
        ) => WriteAsync(cloud.Info(cloud.Seen(r, c)), w);

        public override Task Output(
            OutputRequest r,
            IServerStreamWriter<OutputChunk> w,
            ServerCallContext c
        ) => WriteAsync(cloud.Output(cloud.Seen(r, c)), w);

        public override Task Events(
            EventsRequest r,
            IServerStreamWriter<EventsReply> w,
            ServerCallContext c
        ) => WriteAsync(cloud.Events(cloud.Seen(r, c)), w);

        /// <summary>After a last message that is not finished, nothing more comes.</summary>
        public override async Task Await(
            AwaitRequest r,
            IServerStreamWriter<AwaitReply> w,
            ServerCallContext c
        )
        {
            var finished = false;
            foreach (var reply in cloud.Await(cloud.Seen(r, c)))
            {
                await w.WriteAsync(reply);
                finished = reply.Finished;
            }
            if (!finished)
                await Task.Delay(Timeout.Infinite, c.CancellationToken);
        }

        public override async Task Session(
            IAsyncStreamReader<Request> r,
            IServerStreamWriter<Reply> w,
            ServerCallContext c
        )
        {
            var held = new List<Reply>();
            while (await r.MoveNext())
            {
                var request = r.Current;
                Assert.True(
                    CloudCalls.Find(request.Method)!.TryParse(request.Payload.Span, out var message)
                );
                var answer = cloud.Session(cloud.Seen(message, c));
                var reply = new Reply { Tag = request.Tag, End = true };
                if (answer is Refusal refusal)
                    reply.Refusal = refusal;
                else
                    reply.Payload = answer.ToByteString();
                await WriteAsync(cloud.Reorder(held, reply), w);
            }
            await WriteAsync(held, w);
        }

        private static async Task WriteAsync<T>(
            IEnumerable<T> replies,
            IServerStreamWriter<T> writer
        )
        {
            foreach (var reply in replies)
                await writer.WriteAsync(reply);
        }
    }
}
