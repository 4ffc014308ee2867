using System.Net;
using Akka.Configuration;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>How cluster traffic and the TCP door are protected (<c>jobcloud.tls</c>).</summary>
/// <param name="Files">Null: nothing here uses TLS.</param>
/// <param name="Cluster">Members talk to each other by mutual TLS.</param>
/// <param name="Clients">Holders of a client's certificate may be members, of role client.</param>
internal sealed record TlsSettings(TlsFiles? Files, bool Cluster, bool Clients)
{
    private const string Section = "jobcloud.tls";

    /// <param name="akka">Says where the cluster's address is.</param>
    /// <param name="door">The TCP door is open, and TLS is all it speaks.</param>
    internal static TlsSettings Read(
        SettingsReader read,
        HomePaths paths,
        Config akka,
        bool door,
        DateTimeOffset now
    )
    {
        read.Section(
            Section,
            "Who proves to be of this cloud, and how: certificates of a CA of its own (`jobcloud ca`)."
        );
        var authority = PathOf("ca", "The CA's certificate, PEM.", paths.TlsAuthority);
        var certificate = PathOf(
            "certificate",
            "This node's certificate, PEM.",
            paths.TlsCertificate
        );
        var key = PathOf("key", "Its key, PEM.", paths.TlsKey);
        var cluster = read.IsOn(
            $"{Section}.cluster",
            "on: members of the cluster talk by mutual TLS; all of them must."
        );
        var clients = read.IsOn(
            $"{Section}.clients",
            "Whether a client's certificate (`jobcloud ca client`) lets into the cluster, too. Its holder can "
                + "then do all that a node can: the full-screen UI asks for no more than its user may, but a "
                + "program of their own would be believed. off: only a node's does."
        );
        var plain = read.IsOn(
            $"{Section}.plain-cluster",
            "on: the cluster's address may be open to other machines without TLS. Who reaches it can do all "
                + "that a node can."
        );
        if (!cluster && !plain && OpenAddress(akka) is { } address)
            read.Complain(
                Section,
                $"the cluster's address {address} can be reached by other machines, and who reaches it can do all that a node can; "
                    + "set jobcloud.tls.cluster = on, or, on a network that you trust, jobcloud.tls.plain-cluster = on"
            );
        if (!cluster && !door)
            return new TlsSettings(null, false, clients);
        var files = TlsFiles.Load(authority, certificate, key, now, out var problem);
        if (files is null)
            read.Complain(
                Section,
                $"{authority}, {certificate} and {key} cannot be used: {problem}; 'jobcloud ca node' makes all three"
            );
        return new TlsSettings(files, cluster, clients);

        string PathOf(string name, string what, string usual) =>
            read.Text($"{Section}.{name}", "", $"{what} Empty: HOME/tls/{Path.GetFileName(usual)}.")
                is { Length: > 0 } set
                ? set
                : usual;
    }

    /// <summary>Where others can reach the cluster's port; null: only this machine can.</summary>
    private static string? OpenAddress(Config akka)
    {
        const string Tcp = "akka.remote.dot-netty.tcp";
        var bind = akka.GetString($"{Tcp}.bind-hostname", "");
        var address = bind is { Length: > 0 } ? bind : akka.GetString($"{Tcp}.hostname", "");
        var isOwn =
            address == "localhost"
            || (IPAddress.TryParse(address, out var ip) && IPAddress.IsLoopback(ip));
        return isOwn ? null
            : address is { Length: > 0 } ? address
            : "0.0.0.0";
    }
}
