using JobCloud.Node.Daemon.Door;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Daemon.Tokens;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>What a request means, whatever door it came through: each goes to its handler.</summary>
public sealed class RequestHandler : IRequests
{
    public required SubmitHandler Submissions { get; init; }
    public required StatusHandler Statuses { get; init; }
    public required ChangeHandler Changes { get; init; }
    public required AwaitHandler Awaits { get; init; }
    public required InfoHandler Infos { get; init; }
    public required OutputHandler Outputs { get; init; }
    public required EventsHandler Histories { get; init; }
    public required ExplainHandler Explanations { get; init; }
    public required ListHandler Lists { get; init; }
    public required NodesHandler Cloud { get; init; }
    public required DefinitionsHandler Definitions { get; init; }
    public required TerminalHandler Terminals { get; init; }
    public required NodeFacts Facts { get; init; }
    public required TicketHandler Tickets { get; init; }
    public required TokensHandler Tokens { get; init; }

    public Task<Outcome<SubmitReply>> SubmitAsync(
        SubmitRequest r,
        Identity by,
        CancellationToken c
    ) => Submissions.SubmitAsync(r, by, c);

    public Task<Outcome<StatusReply>> StatusAsync(
        StatusRequest r,
        Identity by,
        CancellationToken c
    ) => Statuses.StatusAsync(r, by, c);

    public Task<Outcome<ChangeReply>> KillAsync(KillRequest r, Identity by, CancellationToken c) =>
        Changes.ChangeAsync(
            r.Jobs,
            new ChangeJobs { Change = Change.Kill, GraceMs = r.GraceMs },
            by,
            c
        );

    public Task<Outcome<ChangeReply>> DeleteAsync(
        DeleteRequest r,
        Identity by,
        CancellationToken c
    ) => Changes.ChangeAsync(r.Jobs, new ChangeJobs { Change = Change.Delete }, by, c);

    public Task<Outcome<ChangeReply>> RetryAsync(
        RetryRequest r,
        Identity by,
        CancellationToken c
    ) => Changes.ChangeAsync(r.Jobs, new ChangeJobs { Change = Change.Retry }, by, c);

    public Task<Outcome<ChangeReply>> PrioritizeAsync(
        PrioritizeRequest r,
        Identity by,
        CancellationToken c
    ) =>
        Changes.ChangeAsync(
            r.Jobs,
            new ChangeJobs { Change = Change.Priority, Priority = r.Priority },
            by,
            c
        );

    public Task<Outcome<ListReply>> ListAsync(ListRequest r, Identity by, CancellationToken c) =>
        Lists.ListAsync(r, by, c);

    public Task<Outcome<ExplainReply>> ExplainAsync(
        ExplainRequest r,
        Identity by,
        CancellationToken c
    ) => Explanations.ExplainAsync(r, by);

    public Task<Outcome<NodesReply>> NodesAsync(NodesRequest r, Identity by, CancellationToken c) =>
        Cloud.NodesAsync(c);

    public Task<Outcome<NodesReply>> DrainAsync(DrainRequest r, Identity by, CancellationToken c) =>
        Cloud.DrainAsync(r, by, c);

    public Task<Outcome<NodeStatusReply>> NodeStatusAsync(
        NodeStatusRequest r,
        Identity by,
        CancellationToken c
    ) => Task.FromResult<Outcome<NodeStatusReply>>(Facts.Status(ready: true));

    public Task<Outcome<ConfigReply>> ConfigAsync(
        ConfigRequest r,
        Identity by,
        CancellationToken c
    ) => Task.FromResult<Outcome<ConfigReply>>(Facts.Config());

    public Task<Outcome<DefinitionsReply>> DefinitionsAsync(
        DefinitionsRequest r,
        Identity by,
        CancellationToken c
    ) => Definitions.ReadAsync(r, c);

    public Task<Outcome<DefinitionsReply>> DefineAsync(
        DefineRequest r,
        Identity by,
        CancellationToken c
    ) => Definitions.DefineAsync(r, by, c);

    public Task<Outcome<DefinitionsReply>> UndefineAsync(
        UndefineRequest r,
        Identity by,
        CancellationToken c
    ) => Definitions.UndefineAsync(r, by, c);

    public Task<Outcome<TokensReply>> TokensAsync(
        TokensRequest r,
        Identity by,
        CancellationToken c
    ) => Tokens.ListAsync(c);

    public Task<Outcome<CreateTokenReply>> CreateTokenAsync(
        CreateTokenRequest r,
        Identity by,
        CancellationToken c
    ) => Tokens.CreateAsync(r, by, c);

    public Task<Outcome<TokensReply>> RevokeTokenAsync(
        RevokeTokenRequest r,
        Identity by,
        CancellationToken c
    ) => Tokens.RevokeAsync(r, c);

    public Task<Outcome<Ticket>> TicketAsync(TicketRequest r, Identity by, CancellationToken c) =>
        Task.FromResult<Outcome<Ticket>>(Tickets.Give(by));

    public IAsyncEnumerable<Outcome<AwaitReply>> AwaitAsync(
        AwaitRequest r,
        Identity by,
        CancellationToken c
    ) => Awaits.AwaitAsync(r, by, c);

    public IAsyncEnumerable<Outcome<JobDetail>> InfoAsync(
        InfoRequest r,
        Identity by,
        CancellationToken c
    ) => Infos.InfoAsync(r, by, c);

    public IAsyncEnumerable<Outcome<OutputChunk>> OutputAsync(
        OutputRequest r,
        Identity by,
        CancellationToken c
    ) => Outputs.OutputAsync(r, by, c);

    public IAsyncEnumerable<Outcome<EventsReply>> EventsAsync(
        EventsRequest r,
        Identity by,
        CancellationToken c
    ) => Histories.EventsAsync(r, by, c);

    public Task TerminalAsync(TerminalCaller client) => Terminals.ServeAsync(client);
}
