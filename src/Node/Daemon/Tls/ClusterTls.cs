using JobCloud.ClusterPort;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>Mutual TLS between the members of the cluster: both sides present a certificate of the
/// cloud's CA.</summary>
internal static class ClusterTls
{
    public static ClusterTrust TrustOf(
        TlsFiles files,
        bool clients,
        NodeLog log,
        TimeProvider clock
    ) =>
        new(
            () => files.Context,
            certificate =>
            {
                var subject = CertificateCheck.Identify(
                    certificate,
                    files.Authorities,
                    clock.GetUtcNow(),
                    out var problem
                );
                return subject is { Role: CertificateRole.Client } && !clients
                    ? $"{subject.Name} has a client certificate, and jobcloud.tls.clients is off"
                    : problem;
            },
            sentence => log.WriteRateLimited(LogLevel.Warning, "tls", sentence)
        );
}
