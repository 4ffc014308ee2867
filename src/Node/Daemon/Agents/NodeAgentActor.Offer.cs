using Akka.Actor;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol.Metrics;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Agents;

/// <content>What the agent tells about its node: offers to the scheduler, and metrics.</content>
internal sealed partial class NodeAgentActor
{
    private enum State
    {
        NotReady,
        Draining,
        Ready,
    }

    private volatile State _state = State.NotReady;

    private void Offer()
    {
        var obstacle =
            !_holdsLease ? WithoutLease
            : IsPaused ? PauseReason
            : "";
        _state =
            obstacle.Length > 0 ? State.NotReady
            : AcceptsNothing ? State.Draining
            : State.Ready;
        _ports.Scheduler.Tell(
            new NodeOffer
            {
                Node = _settings.Node,
                Session = _session,
                Address = _settings.Address,
                Version = _settings.Version,
                Since = _session,
                Capacity = _settings.Capacity,
                Backlog = _settings.Backlog,
                Limits = _machine.Limits,
                Draining = AcceptsNothing,
                Reason = _handoverSender is not null ? StoppingReason : _drained?.Reason ?? "",
                Drain = _drained?.Since ?? 0,
                ExecutorPid = _machine.ExecutorPid,
                Isolation = _machine.Isolation,
                Roles = { _settings.Roles },
                NotReady = obstacle,
                CertificateUntil = _ports.CertificateUntil().ToMicroseconds(),
            }
        );
    }

    // Other threads read the metrics, so they are single numbers.
    private void Observe()
    {
        var (total, room) = (_settings.Capacity, _table.Room);
        _ports.Meters.Observe(
            MetricCatalog.NodeCores,
            () => [new(["total"], total.Cores), new(["allocated"], total.Cores - room.Cores)]
        );
        _ports.Meters.Observe(
            MetricCatalog.NodeMemory,
            () =>
                [
                    new(["total"], total.MemoryBytes),
                    new(["allocated"], total.MemoryBytes - room.MemoryBytes),
                    new(["used"], MachineUsage.MemoryBytes()),
                ]
        );
        _ports.Meters.Observe(
            MetricCatalog.NodeState,
            () =>
                [
                    Is("ready", State.Ready),
                    Is("draining", State.Draining),
                    Is("not_ready", State.NotReady),
                ]
        );
        _ports.Meters.Observe(
            MetricCatalog.ExecutorStart,
            () => _machine.Since > 0 ? [new([], _machine.Since / 1e6)] : []
        );

        MetricSample Is(string name, State state) => new([name], _state == state ? 1 : 0);
    }
}
