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
        Answer(context, by => Now.SubmitAsync(request, by, context.CancellationToken));

    public override Task<StatusReply> Status(StatusRequest request, ServerCallContext context) =>
        Answer(context, by => Now.StatusAsync(request, by, context.CancellationToken));

    public override Task<ChangeReply> Kill(KillRequest request, ServerCallContext context) =>
        Answer(context, by => Now.KillAsync(request, by, context.CancellationToken));

    public override Task<ChangeReply> Delete(DeleteRequest request, ServerCallContext context) =>
        Answer(context, by => Now.DeleteAsync(request, by, context.CancellationToken));

    public override Task<ChangeReply> Retry(RetryRequest request, ServerCallContext context) =>
        Answer(context, by => Now.RetryAsync(request, by, context.CancellationToken));

    public override Task<ChangeReply> Prioritize(
        PrioritizeRequest request,
        ServerCallContext context
    ) => Answer(context, by => Now.PrioritizeAsync(request, by, context.CancellationToken));

    public override Task<ListReply> List(ListRequest request, ServerCallContext context) =>
        Answer(context, by => Now.ListAsync(request, by, context.CancellationToken));

    public override Task<ExplainReply> Explain(ExplainRequest request, ServerCallContext context) =>
        Answer(context, by => Now.ExplainAsync(request, by, context.CancellationToken));

    public override Task<NodesReply> Nodes(NodesRequest request, ServerCallContext context) =>
        Answer(context, by => Now.NodesAsync(request, by, context.CancellationToken));

    public override Task<NodesReply> Drain(DrainRequest request, ServerCallContext context) =>
        Answer(context, by => Now.DrainAsync(request, by, context.CancellationToken));

    public override Task<NodeStatusReply> NodeStatus(
        NodeStatusRequest request,
        ServerCallContext context
    ) => Answer(context, by => Now.NodeStatusAsync(request, by, context.CancellationToken));

    public override Task<ConfigReply> Config(ConfigRequest request, ServerCallContext context) =>
        Answer(context, by => Now.ConfigAsync(request, by, context.CancellationToken));

    public override Task<DefinitionsReply> Definitions(
        DefinitionsRequest request,
        ServerCallContext context
    ) => Answer(context, by => Now.DefinitionsAsync(request, by, context.CancellationToken));

    public override Task<DefinitionsReply> Define(
        DefineRequest request,
        ServerCallContext context
    ) => Answer(context, by => Now.DefineAsync(request, by, context.CancellationToken));

    public override Task<DefinitionsReply> Undefine(
        UndefineRequest request,
        ServerCallContext context
    ) => Answer(context, by => Now.UndefineAsync(request, by, context.CancellationToken));

    public override Task<TokensReply> Tokens(TokensRequest request, ServerCallContext context) =>
        Answer(context, by => Now.TokensAsync(request, by, context.CancellationToken));

    public override Task<CreateTokenReply> CreateToken(
        CreateTokenRequest request,
        ServerCallContext context
    ) => Answer(context, by => Now.CreateTokenAsync(request, by, context.CancellationToken));

    public override Task<TokensReply> RevokeToken(
        RevokeTokenRequest request,
        ServerCallContext context
    ) => Answer(context, by => Now.RevokeTokenAsync(request, by, context.CancellationToken));

    public override Task Await(
        AwaitRequest request,
        IServerStreamWriter<AwaitReply> replies,
        ServerCallContext context
    ) => Stream(context, replies, by => Now.AwaitAsync(request, by, context.CancellationToken));

    public override Task Info(
        InfoRequest request,
        IServerStreamWriter<JobDetail> replies,
        ServerCallContext context
    ) => Stream(context, replies, by => Now.InfoAsync(request, by, context.CancellationToken));

    public override Task Output(
        OutputRequest request,
        IServerStreamWriter<OutputChunk> replies,
        ServerCallContext context
    ) => Stream(context, replies, by => Now.OutputAsync(request, by, context.CancellationToken));

    public override Task Events(
        EventsRequest request,
        IServerStreamWriter<EventsReply> replies,
        ServerCallContext context
    ) => Stream(context, replies, by => Now.EventsAsync(request, by, context.CancellationToken));

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

    private async Task<T> Answer<T>(ServerCallContext context, Func<Identity, Task<Outcome<T>>> ask)
        where T : class
    {
        Outcome<T> outcome;
        try
        {
            outcome = await ask(doorkeeper.Identify(context));
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw RefusalStatus.ToException(doorkeeper.Unexpected(e, context.CancellationToken));
        }
        return outcome.Granted ? outcome.Reply : throw RefusalStatus.ToException(outcome.Refusal);
    }

    private async Task Stream<T>(
        ServerCallContext context,
        IServerStreamWriter<T> replies,
        Func<Identity, IAsyncEnumerable<Outcome<T>>> ask
    )
        where T : class
    {
        Refusal? refusal = null;
        try
        {
            await foreach (var outcome in ask(doorkeeper.Identify(context)))
            {
                if (!outcome.Granted)
                {
                    refusal = outcome.Refusal;
                    break;
                }
                // A write that is cancelled resets the stream: its client would not hear why it ends.
                context.CancellationToken.ThrowIfCancellationRequested();
                await replies.WriteAsync(outcome.Reply, context.CancellationToken);
            }
        }
        catch (Exception e) when (e is not RpcException)
        {
            refusal = doorkeeper.Unexpected(e, context.CancellationToken);
        }
        if (refusal is not null)
            throw RefusalStatus.ToException(refusal);
    }
}
