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

/// <summary>A node with scripted answers that records its requests.</summary>
internal sealed class ScriptedCloud : IAsyncDisposable
{
    private readonly ConcurrentQueue<IMessage> _requests = new();
    private readonly WebApplication _application;

    private ScriptedCloud(string socket)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2)
        );
        _application = builder.Build();
        _application.MapGrpcService(Define());
    }

    public Func<SubmitRequest, SubmitReply> Submit { get; set; } = _ => throw Unscripted();
    public Func<FindBlobsRequest, FindBlobsReply> FindBlobs { get; set; } = _ => throw Unscripted();
    public Func<PutBlobRequest, PutBlobReply> PutBlob { get; set; } = _ => throw Unscripted();
    public Func<StatusRequest, StatusReply> Status { get; set; } = _ => throw Unscripted();
    public Func<AwaitRequest, IEnumerable<AwaitReply>> Await { get; set; } =
        _ => throw Unscripted();
    public Func<InfoRequest, IEnumerable<JobDetail>> Info { get; set; } = _ => throw Unscripted();
    public Func<OutputRequest, IEnumerable<OutputChunk>> Output { get; set; } =
        _ => throw Unscripted();
    public Func<SearchRequest, IEnumerable<SearchReply>> Search { get; set; } =
        _ => throw Unscripted();
    public Func<FilesRequest, IEnumerable<FilesReply>> Files { get; set; } =
        _ => throw Unscripted();
    public Func<PurgeRequest, PurgeReply> Purge { get; set; } = _ => throw Unscripted();
    public Func<IMessage, ChangeReply> Change { get; set; } = _ => throw Unscripted();
    public Func<ListRequest, ListReply> List { get; set; } = _ => throw Unscripted();
    public Func<ExplainRequest, ExplainReply> Explain { get; set; } = _ => throw Unscripted();
    public Func<ForecastRequest, ForecastReply> Forecast { get; set; } = _ => throw Unscripted();
    public Func<EventsRequest, IEnumerable<EventsReply>> Events { get; set; } =
        _ => throw Unscripted();
    public Func<IMessage, NodesReply> Nodes { get; set; } = _ => throw Unscripted();
    public Func<IMessage, DefinitionsReply> Definitions { get; set; } = _ => throw Unscripted();
    public Func<CreateTokenRequest, CreateTokenReply> CreateToken { get; set; } =
        _ => throw Unscripted();
    public Func<IMessage, DenialsReply> Denials { get; set; } = _ => throw Unscripted();
    public Func<IMessage, TokensReply> Tokens { get; set; } = _ => throw Unscripted();
    public Func<NodeStatusReply> NodeStatus { get; set; } = () => new() { Ready = true };
    public Func<ConfigReply> Config { get; set; } = () => new();
    public Func<IMessage, IMessage> Session { get; set; } = _ => throw Unscripted();

    /// <summary>Selects the replies that a session sends after each new one; the others stay
    /// held.</summary>
    public Func<List<Reply>, Reply, IEnumerable<Reply>> Reorder { get; set; } =
        (_, reply) => [reply];

    /// <summary>Keeps streams open after their last message.</summary>
    public bool KeepsStreams { get; set; }

    /// <summary>What a session waits for before it answers a request; null: it answers one request
    /// after another, at once.</summary>
    public Func<IMessage, Task>? SessionDelay { get; set; }

    /// <summary>The header <c>authorization</c> of the latest request.</summary>
    public string? Authorization { get; private set; }

    /// <summary>The only request of its type.</summary>
    public T The<T>()
        where T : IMessage => Assert.Single(_requests.OfType<T>());

    public IEnumerable<T> Asked<T>()
        where T : IMessage => _requests.OfType<T>();

    public bool WasAsked => !_requests.IsEmpty;

    public static async Task<ScriptedCloud> StartAsync(
        string socket,
        Action<ScriptedCloud>? script = null
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        var cloud = new ScriptedCloud(socket);
        script?.Invoke(cloud);
        await cloud._application.StartAsync();
        return cloud;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    /// <summary>The exception by which a node refuses a request.</summary>
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

    private IMessage Seen(IMessage request, ServerCallContext context)
    {
        _requests.Enqueue(request);
        Authorization = context.RequestHeaders.GetValue("authorization");
        return request;
    }

    private IEnumerable<IMessage> Answer(IMessage request) =>
        request switch
        {
            SubmitRequest r => [Submit(r)],
            FindBlobsRequest r => [FindBlobs(r)],
            PutBlobRequest r => [PutBlob(r)],
            StatusRequest r => [Status(r)],
            AwaitRequest r => Await(r),
            InfoRequest r => Info(r),
            OutputRequest r => Output(r),
            SearchRequest r => Search(r),
            FilesRequest r => Files(r),
            EventsRequest r => Events(r),
            KillRequest or DeleteRequest or RetryRequest or PrioritizeRequest => [Change(request)],
            PurgeRequest r => [Purge(r)],
            ListRequest r => [List(r)],
            ExplainRequest r => [Explain(r)],
            ForecastRequest r => [Forecast(r)],
            NodesRequest or DrainRequest => [Nodes(request)],
            DefinitionsRequest or DefineRequest or UndefineRequest => [Definitions(request)],
            CreateTokenRequest r => [CreateToken(r)],
            TokensRequest or RevokeTokenRequest => [Tokens(request)],
            DenialsRequest or DenyRequest => [Denials(request)],
            NodeStatusRequest => [NodeStatus()],
            ConfigRequest => [Config()],
            _ => throw Unscripted(),
        };

    private ServerServiceDefinition Define()
    {
        var service = ServerServiceDefinition.CreateBuilder();
        foreach (var call in CloudCalls.All)
            if (call.Type == MethodType.Unary)
                service.AddMethod(
                    Method(call.Type, call.Name, Parse(call)),
                    (r, c) => Task.FromResult(Answer(Seen(r, c)).Single())
                );
            else if (call.Type == MethodType.ServerStreaming)
                service.AddMethod(
                    Method(call.Type, call.Name, Parse(call)),
                    (r, w, c) => StreamAsync(Seen(r, c), w, c)
                );
        service.AddMethod(
            Method(MethodType.DuplexStreaming, "Session", Request.Parser.ParseFrom),
            SessionAsync
        );
        return service.Build();
    }

    /// <summary>Keeps an unfinished wait open after its last message.</summary>
    private async Task StreamAsync(
        IMessage request,
        IServerStreamWriter<IMessage> writer,
        ServerCallContext context
    )
    {
        IMessage? last = null;
        foreach (var reply in Answer(request))
            await writer.WriteAsync(last = reply);
        if (KeepsStreams || (request is AwaitRequest && last is not AwaitReply { Finished: true }))
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    private async Task SessionAsync(
        IAsyncStreamReader<IMessage> requests,
        IServerStreamWriter<IMessage> writer,
        ServerCallContext context
    )
    {
        var held = new List<Reply>();
        var (open, writing) = (new List<Task>(), new SemaphoreSlim(1));
        while (await requests.MoveNext())
        {
            var request = (Request)requests.Current;
            var message = Parse(CloudCalls.Find(request.Method)!)(request.Payload.ToByteArray());
            Seen(message, context);
            if (SessionDelay is { } delay)
                open.Add(AnswerLaterAsync(request.Tag, message, delay));
            else
                await AnswerAsync(request.Tag, message);
        }
        await Task.WhenAll(open);
        foreach (var last in held)
            await writer.WriteAsync(last);
        if (KeepsStreams)
            await Task.Delay(Timeout.Infinite, context.CancellationToken);

        async Task AnswerLaterAsync(ulong tag, IMessage message, Func<IMessage, Task> delay)
        {
            await delay(message);
            await writing.WaitAsync();
            await AnswerAsync(tag, message);
            writing.Release();
        }

        async Task AnswerAsync(ulong tag, IMessage message)
        {
            var answer = Session(message);
            var reply = new Reply { Tag = tag, End = true };
            if (answer is Refusal refusal)
                reply.Refusal = refusal;
            else
                reply.Payload = answer.ToByteString();
            foreach (var next in Reorder(held, reply))
                await writer.WriteAsync(next);
        }
    }

    private static Func<byte[], IMessage> Parse(Call call) =>
        bytes =>
        {
            Assert.True(call.TryParse(bytes, out var request));
            return request;
        };

    private static Method<IMessage, IMessage> Method(
        MethodType type,
        string name,
        Func<byte[], IMessage> parse
    )
    {
        var marshaller = Marshallers.Create(static message => message.ToByteArray(), parse);
        return new(type, CloudCalls.Service, name, marshaller, marshaller);
    }
}
