namespace JobCloud.Protocol.Membership;

/// <summary>The types that a member configures in Akka.NET. The shared settings of all members
/// (hocon/akka.conf) name no types, as each program has its own.</summary>
public sealed record AkkaTypes
{
    /// <summary>The serializer of the messages in <see cref="Wire.WireNames"/>.</summary>
    public required Type Serializer { get; init; }

    /// <summary>The logger of actors.</summary>
    public required Type Logger { get; init; }

    /// <summary>The transport of the cluster port.</summary>
    public required Type Transport { get; init; }

    /// <summary>The downing provider, which decides on unreachable members.</summary>
    public required Type Downing { get; init; }

    public string Hocon =>
        $$"""
            akka {
              actor {
                serializers {
                  jobcloud = "{{NameOf(Serializer)}}"
                }
                serialization-bindings {
                  "{{NameOf(typeof(Google.Protobuf.IMessage))}}" = jobcloud
                }
                serialization-identifiers {
                  "{{NameOf(Serializer)}}" = {{ClusterNames.SerializerId}}
                }
              }
              loggers = ["{{NameOf(Logger)}}"]
              cluster.downing-provider-class = "{{NameOf(Downing)}}"
              remote.dot-netty.tcp.transport-class = "{{NameOf(Transport)}}"
            }
            """;

    /// <summary>The name by which Akka.NET loads a type.</summary>
    public static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
