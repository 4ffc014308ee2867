namespace JobCloud.Protocol.Membership;

/// <summary>The types that a program which joins the cluster names to Akka.NET. The settings that
/// all members share (hocon/akka.conf) name none, as each program has its own.</summary>
public sealed record MemberTypes
{
    /// <summary>Writes and reads the messages of <see cref="Wire.WireNames"/>.</summary>
    public required Type Serializer { get; init; }

    /// <summary>Stands where Akka.NET has its JSON serializer: names from the wire must not decide
    /// what is instantiated.</summary>
    public required Type Refusing { get; init; }

    /// <summary>Takes what actors log.</summary>
    public required Type Logger { get; init; }

    /// <summary>Decides what becomes of unreachable members.</summary>
    public required Type Downing { get; init; }

    public string Hocon =>
        $$"""
            akka {
              actor {
                serializers {
                  jobcloud = "{{NameOf(Serializer)}}"
                  json = "{{NameOf(Refusing)}}"
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
            }
            """;

    /// <summary>As Akka.NET looks a type up.</summary>
    public static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
