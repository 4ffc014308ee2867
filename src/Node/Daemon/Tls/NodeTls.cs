using System.Security.Cryptography.X509Certificates;
using JobCloud.ClusterPort;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>The certificate of a running node and its checks of others: both can change while it
/// runs. Thread-safe.</summary>
internal sealed class NodeTls
{
    private readonly bool _clients;
    private readonly TimeProvider _clock;
    private volatile TlsFiles _files;
    private volatile DenyList _denied = DenyList.Empty;

    /// <param name="clients">Whether client certificates admit to the cluster.</param>
    /// <param name="bindsNames">Whether other nodes may speak only under the names in their
    /// certificates.</param>
    public NodeTls(TlsFiles files, bool clients, bool bindsNames, NodeLog log, TimeProvider clock)
    {
        (_files, _clients, _clock) = (files, clients, clock);
        Trust = new ClusterTrust(
            () => _files.Context,
            ProblemOf,
            sentence => log.WriteRateLimited(LogLevel.Warning, "tls", sentence),
            bindsNames
        );
    }

    /// <summary>Mutual TLS between the members of the cluster.</summary>
    public ClusterTrust Trust { get; }

    public TlsFiles Files => _files;

    public DenyList Denied => _denied;

    /// <summary>When this node's certificate expires.</summary>
    public DateTimeOffset Until => new(_files.Own.NotAfter);

    /// <summary>New connections use these files; open ones stay.</summary>
    public void Use(TlsFiles files) => _files = files;

    /// <summary>Refuses and closes connections to the holders of denied certificates.</summary>
    public void Use(DenyList denied)
    {
        _denied = denied;
        if (!denied.IsEmpty)
            Trust.Close(peer => denied.Of(peer) is not null);
    }

    /// <summary>Why this node is kept out of the cloud; empty: it is not.</summary>
    public string DenialOf(string node) =>
        _denied.OfNode(node) is { } denial ? DenialRules.Problem($"Node {node}", denial)
        : _denied.Of(_files.Own) is { } own
            ? DenialRules.Problem($"The certificate of node {node}", own)
        : "";

    private string ProblemOf(X509Certificate2? certificate)
    {
        var subject = CertificateCheck.Identify(
            certificate,
            _files.Authorities,
            _clock.GetUtcNow(),
            out var problem
        );
        if (subject is null)
            return problem;
        if (subject.Role == CertificateRole.Client && !_clients)
            return $"{subject.Name} has a client certificate, and jobcloud.tls.clients is off";
        return _denied.Of(certificate!) is { } denial
            ? DenialRules.Problem($"the certificate of {subject.Name}", denial)
            : "";
    }
}
