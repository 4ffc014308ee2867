using Grpc.Core;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Terminals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>The gRPC door: maps each call to <see cref="IRequests"/> and refusals to statuses.</summary>
public sealed class CloudService(CurrentRequests requests, Doorkeeper doorkeeper, Sessions sessions)
    : Cloud.CloudBase
{
    public override Task<SubmitReply> Submit(SubmitRequest request, ServerCallContext context) =>
        Answer(Now.SubmitAsync, request, context);

    public override Task<StatusReply> Status(StatusRequest request, ServerCallContext context) =>
        Answer(Now.StatusAsync, request, context);

    public override Task<ChangeReply> Kill(KillRequest request, ServerCallContext context) =>
        Answer(Now.KillAsync, request, context);

    public override Task<ChangeReply> Delete(DeleteRequest request, ServerCallContext context) =>
        Answer(Now.DeleteAsync, request, context);

    public override Task<ChangeReply> Retry(RetryRequest request, ServerCallContext context) =>
        Answer(Now.RetryAsync, request, context);

    public override Task<ChangeReply> Prioritize(
        PrioritizeRequest request,
        ServerCallContext context
    ) => Answer(Now.PrioritizeAsync, request, context);

    public override Task<ListReply> List(ListRequest request, ServerCallContext context) =>
        Answer(Now.ListAsync, request, context);

    public override Task<ExplainReply> Explain(ExplainRequest request, ServerCallContext context) =>
        Answer(Now.ExplainAsync, request, context);

    public override Task<NodesReply> Nodes(NodesRequest request, ServerCallContext context) =>
        Answer(Now.NodesAsync, request, context);

    public override Task<NodesReply> Drain(DrainRequest request, ServerCallContext context) =>
        Answer(Now.DrainAsync, request, context);

    public override Task<NodeStatusReply> NodeStatus(
        NodeStatusRequest request,
        ServerCallContext context
    ) => Answer(Now.NodeStatusAsync, request, context);

    public override Task<ConfigReply> Config(ConfigRequest request, ServerCallContext context) =>
        Answer(Now.ConfigAsync, request, context);

    public override Task<DefinitionsReply> Definitions(
        DefinitionsRequest request,
        ServerCallContext context
    ) => Answer(Now.DefinitionsAsync, request, context);

    public override Task<DefinitionsReply> Define(
        DefineRequest request,
        ServerCallContext context
    ) => Answer(Now.DefineAsync, request, context);

    public override Task<DefinitionsReply> Undefine(
        UndefineRequest request,
        ServerCallContext context
    ) => Answer(Now.UndefineAsync, request, context);

    public override Task<TokensReply> Tokens(TokensRequest request, ServerCallContext context) =>
        Answer(Now.TokensAsync, request, context);

    public override Task<CreateTokenReply> CreateToken(
        CreateTokenRequest request,
        ServerCallContext context
    ) => Answer(Now.CreateTokenAsync, request, context);

    public override Task<TokensReply> RevokeToken(
        RevokeTokenRequest request,
        ServerCallContext context
    ) => Answer(Now.RevokeTokenAsync, request, context);

    public override Task Await(
        AwaitRequest request,
        IServerStreamWriter<AwaitReply> replies,
        ServerCallContext context
    ) => Stream(Now.AwaitAsync, request, replies, context);

    public override Task Info(
        InfoRequest request,
        IServerStreamWriter<JobDetail> replies,
        ServerCallContext context
    ) => Stream(Now.InfoAsync, request, replies, context);

    public override Task Output(
        OutputRequest request,
        IServerStreamWriter<OutputChunk> replies,
        ServerCallContext context
    ) => Stream(Now.OutputAsync, request, replies, context);

    public override Task Events(
        EventsRequest request,
        IServerStreamWriter<EventsReply> replies,
        ServerCallContext context
    ) => Stream(Now.EventsAsync, request, replies, context);

    public override Task Session(
        IAsyncStreamReader<Request> incoming,
        IServerStreamWriter<Reply> replies,
        ServerCallContext context
    ) =>
        sessions.RunAsync(
            incoming,
            replies,
            doorkeeper.Identify(context),
            context.CancellationToken
        );

    public override Task Terminal(
        IAsyncStreamReader<ToTerminal> incoming,
        IServerStreamWriter<FromTerminal> replies,
        ServerCallContext context
    )
    {
        var by = doorkeeper.Identify(context);
        var node = context.GetHttpContext().RequestServices;
        var ending = node.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        return TerminalCall.RunAsync(
            incoming,
            replies,
            frames =>
                Now.TerminalAsync(
                    new TerminalCaller(frames, by, context.CancellationToken, ending)
                ),
            context.CancellationToken
        );
    }

    private IRequests Now => requests.Now;

    private async Task<TReply> Answer<TRequest, TReply>(
        Func<TRequest, Identity, CancellationToken, Task<Outcome<TReply>>> ask,
        TRequest request,
        ServerCallContext context
    )
        where TReply : class
    {
        Outcome<TReply> outcome;
        try
        {
            outcome = await ask(request, doorkeeper.Identify(context), context.CancellationToken);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw RefusalStatus.ToException(doorkeeper.Unexpected(e, context.CancellationToken));
        }
        return outcome.Granted ? outcome.Reply : throw RefusalStatus.ToException(outcome.Refusal);
    }

    private async Task Stream<TRequest, TReply>(
        Func<TRequest, Identity, CancellationToken, IAsyncEnumerable<Outcome<TReply>>> ask,
        TRequest request,
        IServerStreamWriter<TReply> replies,
        ServerCallContext context
    )
        where TReply : class
    {
        var (by, cancel) = (doorkeeper.Identify(context), context.CancellationToken);
        Refusal? refusal = null;
        try
        {
            await foreach (var outcome in ask(request, by, cancel))
            {
                if (!outcome.Granted)
                {
                    refusal = outcome.Refusal;
                    break;
                }
                // A write that is cancelled resets the stream: its client would not hear why it ends.
                cancel.ThrowIfCancellationRequested();
                await replies.WriteAsync(outcome.Reply, cancel);
            }
        }
        catch (Exception e) when (e is not RpcException)
        {
            refusal = doorkeeper.Unexpected(e, cancel);
        }
        if (refusal is not null)
            throw RefusalStatus.ToException(refusal);
    }
}
