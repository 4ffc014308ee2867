using JobCloud.Protocol.Inbound;
using JobCloud.Protocol.Membership;

namespace JobCloud.ClusterPort;

/// <summary>The settings that replace those serializers of Akka.NET that create types by
/// name.</summary>
internal static class SerializerSettings
{
    private static readonly (string Name, int Identifier)[] Refused =
    [
        ("json", SerializerIds.Json),
        ("proto", SerializerIds.AnyProtobuf),
        ("daemon-create", SerializerIds.RemoteDeployment),
        ("reliable-delivery", SerializerIds.Delivery),
    ];

    public static string Hocon =>
        $$"""
            akka.actor {
              serializers {
                akka-misc = "{{AkkaTypes.NameOf(typeof(MiscSerializer))}}"
                akka-system-msg = "{{AkkaTypes.NameOf(typeof(SystemSerializer))}}"
              }
            {{string.Concat(Refused.Select(Refuse))}}
            }
            """;

    private static string Refuse((string Name, int Identifier) serializer) =>
        $"""
              serializers.{serializer.Name} = "{AkkaTypes.NameOf(typeof(RefusingSerializer))}"
              serialization-settings.{serializer.Name}.identifier = {serializer.Identifier}

            """;
}
