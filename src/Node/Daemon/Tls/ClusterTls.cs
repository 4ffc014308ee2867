using Akka.Actor.Setup;
using Akka.Remote.Transport.DotNetty;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>Mutual TLS between the members of the cluster: both sides present a certificate of the
/// cloud's CA.</summary>
internal static class ClusterTls
{
    /// <summary>The transport's scheme in addresses.</summary>
    public static string Scheme(bool tls) => tls ? "akka.ssl.tcp" : "akka.tcp";

    /// <summary>The HOCON to add to the layers.</summary>
    public static string Hocon(TlsSettings settings) =>
        settings.Cluster ? "akka.remote.dot-netty.tcp.enable-ssl = true" : "";

    public static Setup? SetupOf(TlsSettings settings, NodeLog log, TimeProvider clock) =>
        settings is { Cluster: true, Files: { } files }
            ? new DotNettySslSetup(
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
                    if (subject is { Role: CertificateRole.Client } && !settings.Clients)
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
            )
            : null;
}
