using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using JobCloud.Tui.FullScreen.Hosting;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Makes the actor system of a client.</summary>
internal static class ClientSystem
{
    /// <summary>The name that all members' systems share.</summary>
    private const string Name = "jobcloud";

    /// <param name="node">Whom this machine must be reachable from.</param>
    public static ActorSystem Create(Address node, UiLog log) =>
        ActorSystem.Create(
            Name,
            ActorSystemSetup.Empty.And(BootstrapSetup.Create().WithConfig(ConfigFor(node))).And(log)
        );

    /// <summary>What names types of the node is given ours; the rest is what all members share.</summary>
    private static Config ConfigFor(Address node) =>
        ConfigurationFactory
            .ParseString(
                $$"""
                akka {
                  actor.serializers {
                    jobcloud = "{{TypeName<ClientSerializer>()}}"
                    json = "{{TypeName<RefusingSerializer>()}}"
                  }
                  actor.serialization-identifiers { "{{TypeName<ClientSerializer>()}}" = 120 }
                  loggers = ["{{TypeName<ClientLogger>()}}"]
                  scheduler.implementation = "Akka.Actor.HashedWheelTimerScheduler, Akka"
                  cluster.downing-provider-class = "{{TypeName<ClientDowningProvider>()}}"
                  cluster.roles = [client]
                  remote.dot-netty.tcp.hostname = "{{OwnAddress(node)}}"
                }
                """
            )
            .WithFallback(Embedded("client"))
            .WithFallback(Embedded("reference"));

    private static string TypeName<T>() =>
        $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";

    private static Config Embedded(string name)
    {
        using var stream = typeof(ClientSystem).Assembly.GetManifestResourceStream(
            $"hocon/{name}.conf"
        )!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
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
