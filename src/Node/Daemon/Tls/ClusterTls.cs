using Akka.Actor.Setup;
using Akka.Remote.Transport.DotNetty;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>Mutual TLS between the members of the cluster: both sides present a certificate of the
/// cloud's CA.</summary>
internal static class ClusterTls
{
    public static Setup SetupOf(TlsFiles files, bool clients, NodeLog log, TimeProvider clock) =>
        new DotNettySslSetup(
            files.Own,
            suppressValidation: false,
            requireMutualAuthentication: true,
            customValidator: (certificate, _, peer, _, _) =>
            {
                var subject = CertificateCheck.Identify(
                    certificate,
                    files.Authorities,
                    clock.GetUtcNow(),
                    out var problem
                );
                if (subject is { Role: CertificateRole.Client } && !clients)
                    problem =
                        $"{subject.Name} has a client certificate, and jobcloud.tls.clients is off";
                if (problem.Length > 0)
                    log.Write(
                        LogLevel.Warning,
                        "tls",
                        $"Rejected a connection from {peer}: {problem}"
                    );
                return problem.Length == 0;
            }
        );
}
