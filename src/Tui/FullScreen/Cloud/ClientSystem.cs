using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using JobCloud.ClusterPort;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Creates the actor system of a client.</summary>
internal static class ClientSystem
{
    /// <param name="node">The node that must be able to reach this machine.</param>
    /// <param name="paths">The location of the certificates.</param>
    /// <param name="clients">Whether nodes accept client certificates.</param>
    public static ActorSystem Create(Address node, UiLog log, HomePaths paths, bool clients)
    {
        var setup = ActorSystemSetup
            .Empty.And(BootstrapSetup.Create().WithConfig(ConfigFor(node)))
            .And(ClientTls.TrustOf(paths, clients, log, TimeProvider.System))
            .And(log);
        return ActorSystem.Create(ClusterNames.System, setup);
    }

    private static readonly AkkaTypes Types = new()
    {
        Serializer = typeof(ClientSerializer),
        Logger = typeof(ClientLogger),
        Transport = typeof(TlsTransport),
        Downing = typeof(ClientDowningProvider),
    };

    /// <summary>The configuration that all members share, with a client's own settings.</summary>
    internal static Config ConfigFor(Address node) =>
        ConfigurationFactory
            .ParseString(
                $$"""
                {{Types.Hocon}}
                {{SerializerSettings.Hocon}}
                akka.cluster.roles = [{{ClusterNames.Client}}]
                akka.stdout-logger-class = "{{AkkaTypes.NameOf(typeof(SilentLogger))}}"
                akka.remote.dot-netty.tcp.hostname = "{{OwnAddress(node)}}"
                """
            )
            .WithFallback(Embedded("client"))
            .WithFallback(Embedded("akka"));

    private static Config Embedded(string name)
    {
        using var stream = typeof(ClientSystem).Assembly.GetManifestResourceStream(
            $"hocon/{name}.conf"
        )!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    /// <summary>The local address from which packets to the node are sent. Sends none.</summary>
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
