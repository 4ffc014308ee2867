using System.Net;
using Akka.Configuration;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>Protection of cluster traffic and of the TCP endpoint (<c>jobcloud.tls</c>).</summary>
/// <param name="Paths">This node's files.</param>
/// <param name="Clients">Whether holders of a client certificate may join as members with role
/// client.</param>
/// <param name="Refresh">Interval of reading the deny list and renewed files.</param>
internal sealed record TlsSettings(TlsPaths Paths, bool Clients, TimeSpan Refresh)
{
    private const string Section = "jobcloud.tls";
    private const string Host = "akka.remote.dot-netty.tcp.hostname";

    /// <param name="akka">Akka.NET's settings, which hold the cluster's address.</param>
    internal static TlsSettings Read(SettingsReader read, HomePaths home, Config akka)
    {
        read.Section(
            Section,
            "Certificates that prove membership of this cloud. Members always use mutual TLS. Nodes "
                + "that share a store need certificates of one CA (`jobcloud ca`); a node with an "
                + "embedded store issues its own at its first start."
        );
        var usual = TlsPaths.In(home);
        var paths = new TlsPaths(
            PathOf("ca", "The CA's certificate, PEM.", usual.Authority),
            PathOf("certificate", "This node's certificate, PEM.", usual.Certificate),
            PathOf("key", "The private key of that certificate, PEM.", usual.Key)
        );
        var clients = read.IsOn(
            $"{Section}.clients",
            "on: a client certificate (`jobcloud ca client`) also admits to the cluster, as a member "
                + "that only sends requests. Its holder has the rights of its token, but a program "
                + "that is no JobCloud UI can disturb the membership of nodes. off: only a node "
                + "certificate admits."
        );
        var refresh = read.Duration(
            $"{Section}.refresh",
            "10s",
            "Interval at which a running node reads the deny list (`jobcloud ca revoke`) and looks for "
                + "renewed certificate files.",
            least: "100ms"
        );
        if (IsWildcard(akka.GetString(Host, "127.0.0.1")))
            read.AddError(
                Host,
                "other nodes cannot connect to a wildcard; give this machine's own address. To listen "
                    + "on all addresses, set akka.remote.dot-netty.tcp.bind-hostname"
            );
        return new TlsSettings(paths, clients, refresh);

        string PathOf(string name, string what, string preset) =>
            read.Text(
                $"{Section}.{name}",
                "",
                $"{what} If empty: HOME/tls/{Path.GetFileName(preset)}."
            )
                is { Length: > 0 } set
                ? set
                : preset;
    }

    private static bool IsWildcard(string host) =>
        host is "" or "*"
        || IPAddress.TryParse(host, out var ip)
            && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
}
