using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Answers while the node starts or ends: what it is and how it is set; all else is to be asked again.</summary>
public sealed class UnreadyRequests(NodeFacts facts, string state) : IRequests
{
    private readonly Refusal _refusal = new()
    {
        Code = RefusalCode.Busy,
        Message = $"The node {facts.Name} is {state}; try again in a moment.",
    };

    public Task<Outcome<NodeStatusReply>> NodeStatusAsync(
        NodeStatusRequest request,
        Identity by,
        CancellationToken cancel
    ) => Task.FromResult<Outcome<NodeStatusReply>>(facts.Status(ready: false));

    public Task<Outcome<ConfigReply>> ConfigAsync(
        ConfigRequest request,
        Identity by,
        CancellationToken cancel
    ) => Task.FromResult<Outcome<ConfigReply>>(facts.Config());

    public Task<Outcome<SubmitReply>> SubmitAsync(
        SubmitRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<SubmitReply>();

    public Task<Outcome<StatusReply>> StatusAsync(
        StatusRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<StatusReply>();

    public Task<Outcome<ChangeReply>> KillAsync(KillRequest r, Identity by, CancellationToken c) =>
        Refuse<ChangeReply>();

    public Task<Outcome<ChangeReply>> DeleteAsync(
        DeleteRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<ChangeReply>();

    public Task<Outcome<ChangeReply>> RetryAsync(
        RetryRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<ChangeReply>();

    public Task<Outcome<ChangeReply>> PrioritizeAsync(
        PrioritizeRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<ChangeReply>();

    public Task<Outcome<ListReply>> ListAsync(ListRequest r, Identity by, CancellationToken c) =>
        Refuse<ListReply>();

    public Task<Outcome<ExplainReply>> ExplainAsync(
        ExplainRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<ExplainReply>();

    public Task<Outcome<NodesReply>> NodesAsync(NodesRequest r, Identity by, CancellationToken c) =>
        Refuse<NodesReply>();

    public Task<Outcome<NodesReply>> DrainAsync(DrainRequest r, Identity by, CancellationToken c) =>
        Refuse<NodesReply>();

    public Task<Outcome<DefinitionsReply>> DefinitionsAsync(
        DefinitionsRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<DefinitionsReply>();

    public Task<Outcome<DefinitionsReply>> DefineAsync(
        DefineRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<DefinitionsReply>();

    public Task<Outcome<DefinitionsReply>> UndefineAsync(
        UndefineRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<DefinitionsReply>();

    public Task<Outcome<TokensReply>> TokensAsync(
        TokensRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<TokensReply>();

    public Task<Outcome<CreateTokenReply>> CreateTokenAsync(
        CreateTokenRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<CreateTokenReply>();

    public Task<Outcome<TokensReply>> RevokeTokenAsync(
        RevokeTokenRequest r,
        Identity by,
        CancellationToken c
    ) => Refuse<TokensReply>();

    public Task<Outcome<Ticket>> TicketAsync(TicketRequest r, Identity by, CancellationToken c) =>
        Refuse<Ticket>();

    public IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        AwaitRequest r,
        Identity by,
        CancellationToken c
    ) => RefuseStream<AwaitReply>();

    public IAsyncEnumerable<Outcome<JobDetail>> InfoAsync(
        InfoRequest r,
        Identity by,
        CancellationToken c
    ) => RefuseStream<JobDetail>();

    public IAsyncEnumerable<Outcome<OutputChunk>> OutputAsync(
        OutputRequest r,
        Identity by,
        CancellationToken c
    ) => RefuseStream<OutputChunk>();

    public IAsyncEnumerable<Outcome<EventsReply>> EventsAsync(
        EventsRequest r,
        Identity by,
        CancellationToken c
    ) => RefuseStream<EventsReply>();

    public async Task TerminalAsync(TerminalCaller client)
    {
        client.Frames.Output.WriteFrame(new FromTerminal { Refusal = _refusal });
        await client.Frames.Output.FlushAsync(client.Gone);
    }

    private Task<Outcome<T>> Refuse<T>()
        where T : class => Task.FromResult<Outcome<T>>(_refusal);

    private async IAsyncEnumerable<Outcome<T>> RefuseStream<T>()
        where T : class
    {
        await Task.CompletedTask;
        yield return _refusal;
    }
}
