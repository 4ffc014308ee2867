using Google.Protobuf;
using Grpc.Core;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Terminals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>The catalogue of calls as a gRPC service. Passes requests to the dispatcher as bytes
/// and maps refusals to gRPC statuses.</summary>
internal sealed class GrpcCalls(Dispatcher calls, Sessions sessions)
{
    private static readonly Marshaller<byte[]> Requests = Marshallers.Create(
        static (_, _) => throw new NotSupportedException(),
        static context => context.PayloadAsNewBuffer()
    );

    private static readonly Marshaller<IMessage> Replies = Marshallers.Create<IMessage>(
        Write,
        static _ => throw new NotSupportedException()
    );

    public ServerServiceDefinition Define()
    {
        var service = ServerServiceDefinition.CreateBuilder();
        foreach (var call in CloudCalls.All)
            if (call.Type == MethodType.Unary)
                service.AddMethod(Method(call), One(call));
            else if (call.Type == MethodType.ServerStreaming)
                service.AddMethod(Method(call), Many(call));
        service.AddMethod(
            Duplex(nameof(CloudCalls.Terminal), ToTerminal.Parser, FromTerminal.Parser),
            TerminalAsync
        );
        service.AddMethod(Duplex("Session", Request.Parser, Reply.Parser), SessionAsync);
        return service.Build();
    }

    private UnaryServerMethod<byte[], IMessage> One(Call call) =>
        async (request, context) =>
        {
            IMessage? answer = null;
            var refusal = await calls.AnswerAsync(
                call.Name,
                request,
                Caller(context),
                (reply, _) =>
                {
                    answer = reply;
                    return ValueTask.CompletedTask;
                },
                context.CancellationToken
            );
            return refusal is null ? answer! : throw RefusalStatus.ToException(refusal);
        };

    private ServerStreamingServerMethod<byte[], IMessage> Many(Call call) =>
        async (request, replies, context) =>
        {
            var cancel = context.CancellationToken;
            var refusal = await calls.AnswerAsync(
                call.Name,
                request,
                Caller(context),
                (reply, _) => new ValueTask(replies.WriteAsync(reply, cancel)),
                cancel
            );
            if (refusal is not null)
                throw RefusalStatus.ToException(refusal);
        };

    private Task SessionAsync(
        IAsyncStreamReader<Request> incoming,
        IServerStreamWriter<Reply> replies,
        ServerCallContext context
    ) => sessions.RunAsync(incoming, replies, Caller(context), context.CancellationToken);

    private Task TerminalAsync(
        IAsyncStreamReader<ToTerminal> incoming,
        IServerStreamWriter<FromTerminal> replies,
        ServerCallContext context
    )
    {
        var (by, disconnected) = (Caller(context), context.CancellationToken);
        var node = context.GetHttpContext().RequestServices;
        var ending = node.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        return TerminalCall.RunAsync(
            incoming,
            replies,
            frames =>
                calls.ServeAsync(new TerminalClientConnection(frames, by, disconnected, ending)),
            disconnected
        );
    }

    /// <exception cref="RpcException">The caller is unknown.</exception>
    private static Identity Caller(ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Identity>()
        ?? throw RefusalStatus.ToException(
            new Refusal
            {
                Code = RefusalCode.NotAllowed,
                Message = "The connection does not identify its user; use the node's unix socket.",
            }
        );

    private static Method<byte[], IMessage> Method(Call call) =>
        new(call.Type, CloudCalls.Service, call.Name, Requests, Replies);

    private static Method<TRequest, TReply> Duplex<TRequest, TReply>(
        string name,
        MessageParser<TRequest> requests,
        MessageParser<TReply> replies
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> =>
        new(
            MethodType.DuplexStreaming,
            CloudCalls.Service,
            name,
            MarshallerOf(requests),
            MarshallerOf(replies)
        );

    private static Marshaller<T> MarshallerOf<T>(MessageParser<T> parser)
        where T : class, IMessage<T> =>
        Marshallers.Create<T>(
            Write,
            context =>
            {
                try
                {
                    return parser.ParseFrom(context.PayloadAsReadOnlySequence());
                }
                catch (InvalidProtocolBufferException)
                {
                    throw RefusalStatus.ToException(Dispatcher.Malformed());
                }
            }
        );

    private static void Write(IMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
