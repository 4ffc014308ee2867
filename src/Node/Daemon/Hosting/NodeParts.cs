using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Outputs.Stored;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Submissions.Tokens;
using JobCloud.Node.Daemon.Tokens;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>What the parts of a node are made from, and find each other by.</summary>
internal sealed class NodeParts
{
    public required NodeSettings Settings { get; init; }
    public required ActorSystem System { get; init; }
    public required NodeStore Store { get; init; }

    /// <summary>Null: outputs are not kept in the store.</summary>
    public required StoredOutputs? StoredOutputs { get; init; }

    /// <summary>Null: the store is this node's alone.</summary>
    public required NodeRegistry? Registry { get; init; }
    public required Standing Standing { get; init; }

    /// <summary>Null: the store is this node's alone.</summary>
    public required StoreClaims? Claims { get; init; }
    public required NodeFacts Facts { get; init; }
    public required SegmentCatalog Segments { get; init; }
    public required NodeLog Log { get; init; }
    public required TimeProvider Clock { get; init; }

    /// <summary>Makes the way to the executor.</summary>
    public required Func<IMachine, IExecutor> Executor { get; init; }

    public required TokenStore Tokens { get; init; }

    /// <summary>What the TCP door asks who calls.</summary>
    public required TokenDesk TokenDesk { get; init; }
}
