using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Inbound;

/// <summary>The serializers of messages between members, by the identifiers that Akka.NET gives
/// them.</summary>
public static class SerializerIds
{
    /// <summary>JSON: creates any type that the bytes name.</summary>
    public const int Json = 1;

    /// <summary>Any protobuf message, by the name of its type: creates it.</summary>
    public const int AnyProtobuf = 2;

    /// <summary>Starts an actor whose type the bytes name.</summary>
    public const int RemoteDeployment = 3;

    public const int Cluster = 5;

    /// <summary>A message to a path, with that path and the message within.</summary>
    public const int Selection = 6;
    public const int Replicator = 12;
    public const int Sharding = 13;
    public const int Singleton = 14;

    /// <summary>PoisonPill, Kill, exceptions, and what little is needed: Identify and its
    /// answer.</summary>
    public const int Misc = 16;

    /// <summary>Watch and what else controls an actor.</summary>
    public const int SystemMessages = 22;

    /// <summary>Akka.Delivery: creates types that the bytes name.</summary>
    public const int Delivery = 36;

    /// <summary>The messages in <see cref="Wire.WireNames"/>.</summary>
    public const int JobCloud = ClusterNames.SerializerId;
}
