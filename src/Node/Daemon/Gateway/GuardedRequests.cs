using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Lets through what the role of who asks allows (<see cref="AccessRules"/>), at every door; whose
/// jobs they may use is decided where the jobs are.</summary>
public sealed class GuardedRequests(IRequests inner) : IRequests
{
    public Task<Outcome<SubmitReply>> SubmitAsync(
        SubmitRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Submit, inner.SubmitAsync, r, by, c);

    public Task<Outcome<StatusReply>> StatusAsync(
        StatusRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Status, inner.StatusAsync, r, by, c);

    public Task<Outcome<ChangeReply>> KillAsync(KillRequest r, Identity by, CancellationToken c) =>
        Guard(RequestKind.Kill, inner.KillAsync, r, by, c);

    public Task<Outcome<ChangeReply>> DeleteAsync(
        DeleteRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Delete, inner.DeleteAsync, r, by, c);

    public Task<Outcome<ChangeReply>> RetryAsync(
        RetryRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Retry, inner.RetryAsync, r, by, c);

    public Task<Outcome<ChangeReply>> PrioritizeAsync(
        PrioritizeRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Prioritize, inner.PrioritizeAsync, r, by, c);

    public Task<Outcome<ListReply>> ListAsync(ListRequest r, Identity by, CancellationToken c) =>
        Guard(RequestKind.List, inner.ListAsync, r, by, c);

    public Task<Outcome<ExplainReply>> ExplainAsync(
        ExplainRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Explain, inner.ExplainAsync, r, by, c);

    public Task<Outcome<NodesReply>> NodesAsync(NodesRequest r, Identity by, CancellationToken c) =>
        Guard(RequestKind.Nodes, inner.NodesAsync, r, by, c);

    public Task<Outcome<NodesReply>> DrainAsync(DrainRequest r, Identity by, CancellationToken c) =>
        Guard(RequestKind.Drain, inner.DrainAsync, r, by, c);

    public Task<Outcome<NodeStatusReply>> NodeStatusAsync(
        NodeStatusRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.NodeStatus, inner.NodeStatusAsync, r, by, c);

    public Task<Outcome<ConfigReply>> ConfigAsync(
        ConfigRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Config, inner.ConfigAsync, r, by, c);

    public Task<Outcome<DefinitionsReply>> DefinitionsAsync(
        DefinitionsRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Definitions, inner.DefinitionsAsync, r, by, c);

    public Task<Outcome<DefinitionsReply>> DefineAsync(
        DefineRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Define, inner.DefineAsync, r, by, c);

    public Task<Outcome<DefinitionsReply>> UndefineAsync(
        UndefineRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Undefine, inner.UndefineAsync, r, by, c);

    public Task<Outcome<TokensReply>> TokensAsync(
        TokensRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Tokens, inner.TokensAsync, r, by, c);

    public Task<Outcome<CreateTokenReply>> CreateTokenAsync(
        CreateTokenRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.CreateToken, inner.CreateTokenAsync, r, by, c);

    public Task<Outcome<TokensReply>> RevokeTokenAsync(
        RevokeTokenRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.RevokeToken, inner.RevokeTokenAsync, r, by, c);

    public Task<Outcome<Ticket>> TicketAsync(TicketRequest r, Identity by, CancellationToken c) =>
        Guard(RequestKind.Ticket, inner.TicketAsync, r, by, c);

    public IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        AwaitRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Await, inner.AwaitAsync, r, by, c);

    public IAsyncEnumerable<Outcome<JobDetail>> InfoAsync(
        InfoRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Info, inner.InfoAsync, r, by, c);

    public IAsyncEnumerable<Outcome<OutputChunk>> OutputAsync(
        OutputRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Output, inner.OutputAsync, r, by, c);

    public IAsyncEnumerable<Outcome<EventsReply>> EventsAsync(
        EventsRequest r,
        Identity by,
        CancellationToken c
    ) => Guard(RequestKind.Events, inner.EventsAsync, r, by, c);

    public Task TerminalAsync(TerminalCaller client) =>
        AccessRules.Judge(RequestKind.Terminal, client.By.Role) is { } refusal
            ? RefuseAsync(client, refusal)
            : inner.TerminalAsync(client);

    /// <summary>Hears what the client wants first: an answer that comes before it is lost on some.</summary>
    private static async Task RefuseAsync(TerminalCaller client, Refusal refusal)
    {
        var asked = await client.Frames.Input.ReadAsync(client.Gone);
        client.Frames.Input.AdvanceTo(asked.Buffer.End);
        client.Frames.Output.WriteFrame(new FromTerminal { Refusal = refusal });
        await client.Frames.Output.FlushAsync(client.Gone);
    }

    private static Task<Outcome<TReply>> Guard<TRequest, TReply>(
        RequestKind kind,
        Func<TRequest, Identity, CancellationToken, Task<Outcome<TReply>>> inner,
        TRequest request,
        Identity by,
        CancellationToken cancel
    )
        where TReply : class =>
        AccessRules.Judge(kind, by.Role) is { } refusal
            ? Task.FromResult<Outcome<TReply>>(refusal)
            : inner(request, by, cancel);

    private static IAsyncEnumerable<Outcome<TReply>> Guard<TRequest, TReply>(
        RequestKind kind,
        Func<TRequest, Identity, CancellationToken, IAsyncEnumerable<Outcome<TReply>>> inner,
        TRequest request,
        Identity by,
        CancellationToken cancel
    )
        where TReply : class =>
        AccessRules.Judge(kind, by.Role) is { } refusal
            ? One<TReply>(refusal)
            : inner(request, by, cancel);

    private static async IAsyncEnumerable<Outcome<T>> One<T>(Refusal refusal)
        where T : class
    {
        await Task.CompletedTask;
        yield return refusal;
    }
}
