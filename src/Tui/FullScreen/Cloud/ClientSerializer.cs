using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The client's counterpart of the node's serializer: it writes and reads only messages in
/// <see cref="WireNames"/>.</summary>
internal sealed class ClientSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    public override int Identifier => ClusterNames.SerializerId;

    public override string Manifest(object o) =>
        WireNames.NameOf(o.GetType())
        ?? throw new SerializationException(
            $"{o.GetType().Name} must not be sent to another process."
        );

    public override byte[] ToBinary(object obj) => ((IMessage)obj).ToByteArray();

    /// <exception cref="SerializationException">The name is not in the table, or the bytes are
    /// invalid.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var parser =
            WireNames.ParserOf(manifest)
            ?? throw new SerializationException($"Unknown message \"{manifest}\".");
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"Invalid {manifest}: {e.Message}", e);
        }
    }
}
