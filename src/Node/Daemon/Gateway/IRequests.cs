using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>
/// All that can be asked of a cloud; every door answers through it. Expected trouble is a refusal. A
/// stream ends after its first refusal.
/// </summary>
public interface IRequests
{
    Task<Outcome<SubmitReply>> SubmitAsync(
        SubmitRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<StatusReply>> StatusAsync(
        StatusRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<ChangeReply>> KillAsync(
        KillRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<ChangeReply>> DeleteAsync(
        DeleteRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<ChangeReply>> RetryAsync(
        RetryRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<ChangeReply>> PrioritizeAsync(
        PrioritizeRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<ListReply>> ListAsync(ListRequest request, Identity by, CancellationToken cancel);
    Task<Outcome<ExplainReply>> ExplainAsync(
        ExplainRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<NodesReply>> NodesAsync(
        NodesRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<NodesReply>> DrainAsync(
        DrainRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<NodeStatusReply>> NodeStatusAsync(
        NodeStatusRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<ConfigReply>> ConfigAsync(
        ConfigRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<DefinitionsReply>> DefinitionsAsync(
        DefinitionsRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<DefinitionsReply>> DefineAsync(
        DefineRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<DefinitionsReply>> UndefineAsync(
        UndefineRequest request,
        Identity by,
        CancellationToken cancel
    );

    Task<Outcome<TokensReply>> TokensAsync(
        TokensRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<CreateTokenReply>> CreateTokenAsync(
        CreateTokenRequest request,
        Identity by,
        CancellationToken cancel
    );
    Task<Outcome<TokensReply>> RevokeTokenAsync(
        RevokeTokenRequest request,
        Identity by,
        CancellationToken cancel
    );

    Task<Outcome<Ticket>> TicketAsync(TicketRequest request, Identity by, CancellationToken cancel);

    IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        AwaitRequest request,
        Identity by,
        CancellationToken cancel
    );
    IAsyncEnumerable<Outcome<JobDetail>> InfoAsync(
        InfoRequest request,
        Identity by,
        CancellationToken cancel
    );
    IAsyncEnumerable<Outcome<OutputChunk>> OutputAsync(
        OutputRequest request,
        Identity by,
        CancellationToken cancel
    );
    IAsyncEnumerable<Outcome<EventsReply>> EventsAsync(
        EventsRequest request,
        Identity by,
        CancellationToken cancel
    );

    /// <summary>Serves one terminal to its end; what is refused is told in its frames.</summary>
    Task TerminalAsync(TerminalCaller client);
}
