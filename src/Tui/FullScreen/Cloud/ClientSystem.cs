using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.FullScreen.Hosting;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Makes the actor system of a client.</summary>
internal static class ClientSystem
{
    /// <summary>The name that all members' systems share.</summary>
    private const string SystemName = "jobcloud";

    /// <param name="node">Whom this machine must be reachable from.</param>
    /// <param name="paths">Where certificates lie, for a node that asks for one.</param>
    /// <param name="clients">Nodes let in a client's certificate.</param>
    public static ActorSystem Create(Address node, UiLog log, HomePaths paths, bool clients)
    {
        var setup = ActorSystemSetup
            .Empty.And(BootstrapSetup.Create().WithConfig(ConfigFor(node)))
            .And(log);
        return ActorSystem.Create(
            SystemName,
            ClientTls.IsAskedBy(node)
                ? setup.And(ClientTls.SetupOf(paths, clients, log, TimeProvider.System))
                : setup
        );
    }

    /// <summary>Types of the node that the shared settings name, and what stands for each here: Akka.NET
    /// loads nearly all that are named. The lease is for those who decide about nodes: a client never does.</summary>
    private static readonly (string Node, string Client)[] Types =
    [
        ("JobCloud.Node.Daemon.Wire.ProtocolSerializer, jobcloud-node", Name<ClientSerializer>()),
        (
            "JobCloud.Node.Daemon.Wire.RejectingSerializer, jobcloud-node",
            Name<RefusingSerializer>()
        ),
        ("JobCloud.Node.Daemon.Membership.StoreLease, jobcloud-node", ""),
        ("JobCloud.Node.Daemon.Hosting.LineLogger, jobcloud-node", Name<ClientLogger>()),
        (
            "JobCloud.Node.Daemon.Hosting.TimerScheduler, jobcloud-node",
            Name<HashedWheelTimerScheduler>()
        ),
    ];

    /// <summary>What all members share, and what is a client's own.</summary>
    internal static Config ConfigFor(Address node) =>
        ConfigurationFactory
            .ParseString(
                $$"""
                akka.cluster {
                  downing-provider-class = "{{Name<ClientDowningProvider>()}}"
                  roles = [client]
                }
                akka.stdout-logger-class = "{{Name<SilentLogger>()}}"
                akka.remote.dot-netty.tcp.enable-ssl = {{(
                    ClientTls.IsAskedBy(node) ? "on" : "off"
                )}}
                akka.remote.dot-netty.tcp.hostname = "{{OwnAddress(node)}}"
                """
            )
            .WithFallback(Own)
            .WithFallback(Embedded("reference"));

    /// <summary>The settings that are a client's own.</summary>
    internal static Config Own { get; } = Embedded("client");

    private static string Name<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";

    private static Config Embedded(string name)
    {
        using var stream = typeof(ClientSystem).Assembly.GetManifestResourceStream(
            $"hocon/{name}.conf"
        )!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        foreach (var (ofNode, ofClient) in Types)
            text = text.Replace(ofNode, ofClient, StringComparison.Ordinal);
        return ConfigurationFactory.ParseString(text);
    }

    /// <summary>The address of this machine that packets to the node leave by; none is sent.</summary>
    private static string OwnAddress(Address node)
    {
        try
        {
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(node.Host, node.Port ?? 0);
            var own = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return (own.IsIPv4MappedToIPv6 ? own.MapToIPv4() : own).ToString();
        }
        catch (SocketException)
        {
            return IPAddress.Loopback.ToString();
        }
    }
}
