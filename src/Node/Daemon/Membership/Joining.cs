using System.Data.Common;
using Akka.Actor;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Membership;
using Cluster = Akka.Cluster.Cluster;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Joins a node to the cloud of its store, or forms that cloud.</summary>
internal static class Joining
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Completes once this node is a member.</summary>
    /// <param name="registry">Null: no other node shares the store.</param>
    /// <exception cref="CannotStartException">No node accepted it in time, or the store became
    /// unavailable.</exception>
    public static async Task JoinAsync(
        Cluster cluster,
        NodeRegistry? registry,
        NodeIdentity self,
        MembershipSettings settings,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(settings.JoinWithin);
        try
        {
            await (
                registry is not null
                    ? FindAsync(cluster, registry, self, settings, clock, limit.Token)
                : settings.SeedNodes.Count == 0
                    ? cluster.JoinAsync(cluster.SelfAddress, limit.Token)
                : cluster.JoinSeedNodesAsync(settings.SeedNodes.Select(Address.Parse), limit.Token)
            );
        }
        catch (Exception) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new CannotStartException(
                $"No node accepted this one within {settings.JoinWithin.TotalSeconds} s; "
                    + (
                        HoldsState(self)
                            ? "check jobcloud.cluster.seed-nodes and the nodes' addresses."
                            : "a node without the role control cannot form a cloud; start a node with that role first."
                    )
            );
        }
        catch (DbException e)
        {
            throw new CannotStartException($"The store became unavailable: {e.Message}");
        }
    }

    /// <summary>Only a node with role control may form a cloud: workers alone cannot accept
    /// jobs.</summary>
    private static bool HoldsState(NodeIdentity node) => node.Roles.Contains(ClusterNames.Control);

    private static async Task FindAsync(
        Cluster cluster,
        NodeRegistry registry,
        NodeIdentity self,
        MembershipSettings settings,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(() => up.TrySetResult());
        await registry.RegisterAsync(self, cancel);
        var began = clock.GetTimestamp();
        IReadOnlyList<string> tried = [];
        var formed = false;
        while (!up.Task.IsCompleted)
        {
            var step = formed
                ? null
                : JoinStep.Next(
                    await registry.OthersAsync(self.Name, cancel),
                    settings.SeedNodes,
                    self.Address,
                    clock.GetElapsedTime(began),
                    settings.FormAfter
                );
            if (step is JoinStep.Ask ask && !ask.Addresses.SequenceEqual(tried))
            {
                tried = ask.Addresses;
                cluster.JoinSeedNodes(tried.Select(Address.Parse));
            }
            else if (
                step is JoinStep.Form
                && HoldsState(self)
                && await registry.FormAsync(self, settings.FormAfter, cancel)
            )
            {
                formed = true;
                cluster.Join(cluster.SelfAddress);
            }
            // After the store has let this node form the cloud, it reports itself as a member even
            // before it is up: otherwise the next node to start would form a second cloud.
            await registry.HeartbeatAsync(self, member: formed, cancel);
            await Task.WhenAny(up.Task, Task.Delay(PollInterval, clock, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }
}
