using System.Net;
using Akka.Configuration;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>Protection of cluster traffic and of the TCP endpoint (<c>jobcloud.tls</c>).</summary>
/// <param name="Files">Null: neither the cluster nor an endpoint uses TLS.</param>
/// <param name="Cluster">Whether members use mutual TLS.</param>
/// <param name="Clients">Whether holders of a client certificate may join as members with role
/// client.</param>
internal sealed record TlsSettings(TlsFiles? Files, bool Cluster, bool Clients)
{
    private const string Section = "jobcloud.tls";

    /// <param name="akka">Akka.NET's settings, which hold the cluster's address.</param>
    /// <param name="tcpEndpoint">Whether the TCP endpoint, which requires TLS, is on.</param>
    internal static TlsSettings Read(
        SettingsReader read,
        HomePaths paths,
        Config akka,
        bool tcpEndpoint,
        DateTimeOffset now
    )
    {
        read.Section(
            Section,
            "Certificates, issued by the cloud's own CA (`jobcloud ca`), that prove membership of this cloud."
        );
        var authority = PathOf("ca", "The CA's certificate, PEM.", paths.TlsAuthority);
        var certificate = PathOf(
            "certificate",
            "This node's certificate, PEM.",
            paths.TlsCertificate
        );
        var key = PathOf("key", "The private key of that certificate, PEM.", paths.TlsKey);
        var cluster = read.IsOn(
            $"{Section}.cluster",
            "on: members of the cluster use mutual TLS; set it on all of them."
        );
        var clients = read.IsOn(
            $"{Section}.clients",
            "on: a client certificate (`jobcloud ca client`) also admits to the cluster. Its "
                + "holder can then do everything a node can: the full-screen UI keeps to its user's "
                + "rights, but another program need not. off: only a node certificate admits."
        );
        var plain = read.IsOn(
            $"{Section}.plain-cluster",
            "on: other machines may reach the cluster's address without TLS. Anyone who reaches "
                + "it can do everything a node can."
        );
        if (!cluster && !plain && OpenAddress(akka) is { } address)
            read.Complain(
                Section,
                $"other machines can reach the cluster's address {address}, and anyone who "
                    + "reaches it can do everything a node can; "
                    + "set jobcloud.tls.cluster = on or, on a trusted network, jobcloud.tls.plain-cluster = on"
            );
        if (!cluster && !tcpEndpoint)
            return new TlsSettings(null, false, clients);
        var files = TlsFiles.Load(authority, certificate, key, now, out var problem);
        if (files is null)
            read.Complain(
                Section,
                $"{authority}, {certificate} and {key} cannot be used: {problem}; 'jobcloud ca "
                    + "node' creates all three"
            );
        return new TlsSettings(files, cluster, clients);

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

    /// <summary>The cluster's address if other machines can reach it; null: only this machine
    /// can.</summary>
    private static string? OpenAddress(Config akka)
    {
        const string Tcp = "akka.remote.dot-netty.tcp";
        var bind = akka.GetString($"{Tcp}.bind-hostname", "");
        var address = bind is { Length: > 0 } ? bind : akka.GetString($"{Tcp}.hostname", "");
        var isLocal =
            address == "localhost"
            || (IPAddress.TryParse(address, out var ip) && IPAddress.IsLoopback(ip));
        return isLocal ? null
            : address is { Length: > 0 } ? address
            : "0.0.0.0";
    }
}
