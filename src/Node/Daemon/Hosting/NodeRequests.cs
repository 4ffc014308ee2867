using JobCloud.Node.Daemon.Door;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Daemon.Tokens;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Puts the handlers of requests together.</summary>
public static class NodeRequests
{
    public static CallHandlers Create(NodeParts parts, NodeActors actors, TicketHandler tickets)
    {
        var (settings, within) = (parts.Settings, parts.Settings.Gateway.AnswerWithin);
        var gateway = settings.Gateway;
        var segments = new SegmentClient(() => actors.Region, within, gateway.SegmentsAtOnce);
        var selections = new Selections(actors.Questions, segments, within);
        var subscriptions = new Subscriptions(
            parts.System,
            () => actors.Region,
            gateway.SessionAnswersWaiting
        );
        var journal = new JournalReader(parts.Store);
        var outputs = new OutputHandler(
            segments,
            subscriptions,
            new OutputSources(actors.Agents, parts.StoredOutputs, gateway.OutputChunkBytes, within)
        );
        var ports = new PortReader(actors.Agents, within, gateway.PortWaitLimit);
        var definitions = new DefinitionsHandler(
            actors.Definitions,
            settings.Definitions.Fixed,
            within
        );
        var cloud = new NodesHandler(actors.Scheduler, within);
        var explanations = new ExplainHandler(segments, actors.Scheduler, within);
        var terminals = new TerminalHandler(
            settings.Node.Name,
            new TerminalWait(segments, subscriptions, explanations),
            new TerminalRoutes(
                settings.Node.Name,
                actors.Terminals,
                parts.System,
                actors.Agents,
                settings.Terminals,
                within
            ),
            new TerminalHistory(segments, parts.Log),
            settings.Terminals,
            static () => Guid.NewGuid().ToString("N")[..8]
        );
        return new CallHandlers
        {
            Terminals = terminals,
            Submissions = new SubmitHandler(
                selections,
                segments,
                actors.Submitter,
                new Surroundings(
                    definitions,
                    cloud,
                    settings.Node.Roles.Contains(ClusterNames.Worker) ? new NodeFiles() : null
                ),
                settings.Limits,
                within
            )
            {
                ShellIdleLimit = settings.Terminals.IdleLimit,
            },
            Statuses = new StatusHandler(selections, segments),
            Changes = new ChangeHandler(selections, segments),
            Awaits = new AwaitHandler(
                selections,
                segments,
                subscriptions,
                new PortWait(segments, subscriptions, ports, gateway.ProgressInterval),
                parts.Clock,
                gateway.ProgressInterval
            ),
            Infos = new InfoHandler(
                selections,
                segments,
                new AttemptClient(actors.Agents, parts.StoredOutputs, within),
                journal,
                explanations,
                parts.Clock,
                gateway.ExplainedJobsMost
            ),
            Outputs = outputs,
            Histories = new EventsHandler(
                selections,
                segments,
                subscriptions,
                journal,
                gateway.MaxEvents
            ),
            Explanations = explanations,
            Lists = new ListHandler(
                actors.Questions,
                segments,
                parts.Clock,
                gateway.ListLimit,
                gateway.ListMost,
                within
            ),
            Cloud = cloud,
            Definitions = definitions,
            Facts = parts.Facts,
            Tickets = tickets,
            Tokens = new TokensHandler(parts.Tokens, parts.TokenDesk, parts.Clock),
        };
    }
}
