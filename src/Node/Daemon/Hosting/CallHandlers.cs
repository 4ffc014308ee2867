using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Door;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Daemon.Tokens;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The handlers of a node, and the table that they make.</summary>
public sealed class CallHandlers
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

    /// <summary>What a node answers while it starts or ends: what it is, and how it is
    /// set.</summary>
    public static CallTable Unready(NodeFacts facts, string state) => Table(facts, state, false);

    /// <summary>What a node answers while it is ready: every call of the catalogue.</summary>
    public CallTable Table()
    {
        var table = Table(Facts, "ready", true);
        table.One(CloudCalls.Submit, Submissions.SubmitAsync);
        table.One(CloudCalls.Status, Statuses.StatusAsync);
        table.Many(CloudCalls.Await, Awaits.AwaitAsync);
        table.Many(CloudCalls.Info, Infos.InfoAsync);
        table.Many(CloudCalls.Output, Outputs.OutputAsync);
        table.Many(CloudCalls.Events, Histories.EventsAsync);
        table.One(CloudCalls.List, Lists.ListAsync);
        table.One(CloudCalls.Explain, (r, by, _) => Explanations.ExplainAsync(r, by));
        AddChanges(table);
        table.One(CloudCalls.Nodes, (_, _, cancel) => Cloud.NodesAsync(cancel));
        table.One(CloudCalls.Drain, Cloud.DrainAsync);
        table.One(CloudCalls.Definitions, (r, _, cancel) => Definitions.ReadAsync(r, cancel));
        table.One(CloudCalls.Define, Definitions.DefineAsync);
        table.One(CloudCalls.Undefine, Definitions.UndefineAsync);
        table.One(CloudCalls.Tokens, (_, _, cancel) => Tokens.ListAsync(cancel));
        table.One(CloudCalls.CreateToken, Tokens.CreateAsync);
        table.One(CloudCalls.RevokeToken, (r, _, cancel) => Tokens.RevokeAsync(r, cancel));
        table.One(CloudCalls.Ticket, (_, by) => Tickets.Give(by));
        table.Terminal = Terminals.ServeAsync;
        return table;
    }

    private void AddChanges(CallTable table)
    {
        table.One(
            CloudCalls.Kill,
            (r, by, cancel) =>
                Changes.ChangeAsync(
                    r.Jobs,
                    new ChangeJobs { Change = Change.Kill, GraceMs = r.GraceMs },
                    by,
                    cancel
                )
        );
        table.One(
            CloudCalls.Delete,
            (r, by, cancel) =>
                Changes.ChangeAsync(r.Jobs, new ChangeJobs { Change = Change.Delete }, by, cancel)
        );
        table.One(
            CloudCalls.Retry,
            (r, by, cancel) =>
                Changes.ChangeAsync(r.Jobs, new ChangeJobs { Change = Change.Retry }, by, cancel)
        );
        table.One(
            CloudCalls.Prioritize,
            (r, by, cancel) =>
                Changes.ChangeAsync(
                    r.Jobs,
                    new ChangeJobs { Change = Change.Priority, Priority = r.Priority },
                    by,
                    cancel
                )
        );
    }

    private static CallTable Table(NodeFacts facts, string state, bool ready)
    {
        var table = new CallTable(
            Refusals.Of(
                RefusalCode.Busy,
                0,
                $"The node {facts.Name} is {state}; try again in a moment."
            )
        );
        table.One(CloudCalls.NodeStatus, (_, _) => facts.Status(ready));
        table.One(CloudCalls.Config, (_, _) => facts.Config());
        return table;
    }
}
