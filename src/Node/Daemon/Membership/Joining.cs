using System.Data.Common;
using Akka.Actor;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Membership;
using Cluster = Akka.Cluster.Cluster;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Makes a node a member of the cloud of its store, or the first member of it.</summary>
internal static class Joining
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>Ends once this node is a member.</summary>
    /// <param name="registry">Null: the store is this node's alone.</param>
    /// <exception cref="CannotStartException">Nobody let it in in time, or the store went
    /// away.</exception>
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
                $"No node let this one join within {settings.JoinWithin.TotalSeconds} s; "
                    + (
                        HoldsState(self)
                            ? "see jobcloud.cluster.seed-nodes and the nodes' addresses."
                            : "without the role control it forms no cloud: start one that has it first."
                    )
            );
        }
        catch (DbException e)
        {
            throw new CannotStartException($"The store went away: {e.Message}");
        }
    }

    /// <summary>A cloud of workers alone would take no job.</summary>
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
        IReadOnlyList<string> asked = [];
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
            if (step is JoinStep.Ask ask && !ask.Addresses.SequenceEqual(asked))
            {
                asked = ask.Addresses;
                cluster.JoinSeedNodes(asked.Select(Address.Parse));
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
            // Once the store let it form the cloud it is the member that the others find, up or not
            // yet: were it to say less, the next one that looks would form a second cloud.
            await registry.BeatAsync(self, member: formed, cancel);
            await Task.WhenAny(up.Task, Task.Delay(Look, clock, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }
}
