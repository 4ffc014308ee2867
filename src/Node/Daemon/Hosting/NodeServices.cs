using Akka.Actor;
using JobCloud.Node.Daemon.AccessTokens;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Node.Daemon.Tls;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The services that the parts of a node share.</summary>
internal sealed class NodeServices
{
    public required NodeSettings Settings { get; init; }
    public required ActorSystem System { get; init; }
    public required NodeStore Store { get; init; }
    public required StoreDamage Damage { get; init; }

    /// <summary>Null: the store does not keep outputs.</summary>
    public required OutputStore? StoredOutputs { get; init; }

    /// <summary>Null: no other node shares the store.</summary>
    public required NodeRegistry? Registry { get; init; }
    public required MembershipHeartbeat Heartbeat { get; init; }

    /// <summary>Null: no other node shares the store.</summary>
    public required ClaimStore? Claims { get; init; }

    /// <summary>Keeps the contents of files sent along.</summary>
    public required BlobServices Blobs { get; init; }
    public required NodeFacts Facts { get; init; }
    public required SegmentCatalog Segments { get; init; }
    public required NodeLog Log { get; init; }
    public required NodeMeters Meters { get; init; }

    /// <summary>Null: no collector wants spans.</summary>
    public required SpanExporter? Spans { get; init; }
    public required TimeProvider Clock { get; init; }

    /// <summary>Creates the connection to the executor.</summary>
    public required Func<IMachine, IExecutor> Executor { get; init; }

    /// <summary>The node's certificate and its checks of others.</summary>
    public required NodeTls Tls { get; init; }
    public required TlsWatch TlsWatch { get; init; }
    public required DenialStore Denials { get; init; }

    public required TokenStore Tokens { get; init; }

    /// <summary>Authenticates the callers of the TCP endpoint.</summary>
    public required TokenAuthenticator TokenAuthenticator { get; init; }
}
