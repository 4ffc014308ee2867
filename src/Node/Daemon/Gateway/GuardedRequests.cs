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
    ) =>
        AccessRules.Judge(RequestKind.Submit, by.Role) is { } refusal
            ? Refuse<SubmitReply>(refusal)
            : inner.SubmitAsync(r, by, c);

    public Task<Outcome<StatusReply>> StatusAsync(
        StatusRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Status, by.Role) is { } refusal
            ? Refuse<StatusReply>(refusal)
            : inner.StatusAsync(r, by, c);

    public Task<Outcome<ChangeReply>> KillAsync(KillRequest r, Identity by, CancellationToken c) =>
        AccessRules.Judge(RequestKind.Kill, by.Role) is { } refusal
            ? Refuse<ChangeReply>(refusal)
            : inner.KillAsync(r, by, c);

    public Task<Outcome<ChangeReply>> DeleteAsync(
        DeleteRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Delete, by.Role) is { } refusal
            ? Refuse<ChangeReply>(refusal)
            : inner.DeleteAsync(r, by, c);

    public Task<Outcome<ChangeReply>> RetryAsync(
        RetryRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Retry, by.Role) is { } refusal
            ? Refuse<ChangeReply>(refusal)
            : inner.RetryAsync(r, by, c);

    public Task<Outcome<ChangeReply>> PrioritizeAsync(
        PrioritizeRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Prioritize, by.Role) is { } refusal
            ? Refuse<ChangeReply>(refusal)
            : inner.PrioritizeAsync(r, by, c);

    public Task<Outcome<ListReply>> ListAsync(ListRequest r, Identity by, CancellationToken c) =>
        AccessRules.Judge(RequestKind.List, by.Role) is { } refusal
            ? Refuse<ListReply>(refusal)
            : inner.ListAsync(r, by, c);

    public Task<Outcome<ExplainReply>> ExplainAsync(
        ExplainRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Explain, by.Role) is { } refusal
            ? Refuse<ExplainReply>(refusal)
            : inner.ExplainAsync(r, by, c);

    public Task<Outcome<NodesReply>> NodesAsync(NodesRequest r, Identity by, CancellationToken c) =>
        AccessRules.Judge(RequestKind.Nodes, by.Role) is { } refusal
            ? Refuse<NodesReply>(refusal)
            : inner.NodesAsync(r, by, c);

    public Task<Outcome<NodesReply>> DrainAsync(DrainRequest r, Identity by, CancellationToken c) =>
        AccessRules.Judge(RequestKind.Drain, by.Role) is { } refusal
            ? Refuse<NodesReply>(refusal)
            : inner.DrainAsync(r, by, c);

    public Task<Outcome<NodeStatusReply>> NodeStatusAsync(
        NodeStatusRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.NodeStatus, by.Role) is { } refusal
            ? Refuse<NodeStatusReply>(refusal)
            : inner.NodeStatusAsync(r, by, c);

    public Task<Outcome<ConfigReply>> ConfigAsync(
        ConfigRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Config, by.Role) is { } refusal
            ? Refuse<ConfigReply>(refusal)
            : inner.ConfigAsync(r, by, c);

    public Task<Outcome<DefinitionsReply>> DefinitionsAsync(
        DefinitionsRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Definitions, by.Role) is { } refusal
            ? Refuse<DefinitionsReply>(refusal)
            : inner.DefinitionsAsync(r, by, c);

    public Task<Outcome<DefinitionsReply>> DefineAsync(
        DefineRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Define, by.Role) is { } refusal
            ? Refuse<DefinitionsReply>(refusal)
            : inner.DefineAsync(r, by, c);

    public Task<Outcome<DefinitionsReply>> UndefineAsync(
        UndefineRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Undefine, by.Role) is { } refusal
            ? Refuse<DefinitionsReply>(refusal)
            : inner.UndefineAsync(r, by, c);

    public Task<Outcome<TokensReply>> TokensAsync(
        TokensRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Tokens, by.Role) is { } refusal
            ? Refuse<TokensReply>(refusal)
            : inner.TokensAsync(r, by, c);

    public Task<Outcome<CreateTokenReply>> CreateTokenAsync(
        CreateTokenRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.CreateToken, by.Role) is { } refusal
            ? Refuse<CreateTokenReply>(refusal)
            : inner.CreateTokenAsync(r, by, c);

    public Task<Outcome<TokensReply>> RevokeTokenAsync(
        RevokeTokenRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.RevokeToken, by.Role) is { } refusal
            ? Refuse<TokensReply>(refusal)
            : inner.RevokeTokenAsync(r, by, c);

    public Task<Outcome<Ticket>> TicketAsync(TicketRequest r, Identity by, CancellationToken c) =>
        AccessRules.Judge(RequestKind.Ticket, by.Role) is { } refusal
            ? Refuse<Ticket>(refusal)
            : inner.TicketAsync(r, by, c);

    public IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        AwaitRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Await, by.Role) is { } refusal
            ? RefuseStream<AwaitReply>(refusal)
            : inner.AwaitAsync(r, by, c);

    public IAsyncEnumerable<Outcome<JobDetail>> InfoAsync(
        InfoRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Info, by.Role) is { } refusal
            ? RefuseStream<JobDetail>(refusal)
            : inner.InfoAsync(r, by, c);

    public IAsyncEnumerable<Outcome<OutputChunk>> OutputAsync(
        OutputRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Output, by.Role) is { } refusal
            ? RefuseStream<OutputChunk>(refusal)
            : inner.OutputAsync(r, by, c);

    public IAsyncEnumerable<Outcome<EventsReply>> EventsAsync(
        EventsRequest r,
        Identity by,
        CancellationToken c
    ) =>
        AccessRules.Judge(RequestKind.Events, by.Role) is { } refusal
            ? RefuseStream<EventsReply>(refusal)
            : inner.EventsAsync(r, by, c);

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

    private static Task<Outcome<T>> Refuse<T>(Refusal refusal)
        where T : class => Task.FromResult<Outcome<T>>(refusal);

    private static async IAsyncEnumerable<Outcome<T>> RefuseStream<T>(Refusal refusal)
        where T : class
    {
        await Task.CompletedTask;
        yield return refusal;
    }
}
