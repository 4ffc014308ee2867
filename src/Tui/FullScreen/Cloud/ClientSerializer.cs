using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Google.Protobuf;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The node's serializer as a client needs it: only what is in <see cref="WireNames"/> is
/// written or read.</summary>
internal sealed class ClientSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    public override int Identifier => ClusterNames.SerializerId;

    public override string Manifest(object o) =>
        WireNames.NameOf(o.GetType())
        ?? throw new SerializationException($"{o.GetType().Name} may not leave this process.");

    public override byte[] ToBinary(object obj) => ((IMessage)obj).ToByteArray();

    /// <exception cref="SerializationException">The name is not in the table, or the bytes are
    /// broken.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var parser =
            WireNames.ParserOf(manifest)
            ?? throw new SerializationException($"No message is named \"{manifest}\".");
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"These bytes are no {manifest}: {e.Message}", e);
        }
    }
}

/// <summary>Stands where Akka.NET has its JSON serializer, which makes whatever type the bytes
/// name.</summary>
internal sealed class RefusingSerializer : Serializer
{
    // Akka.NET looks for this constructor where a serializer has settings of its own.
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    /// <summary>The JSON serializer's.</summary>
    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType().Name} may not leave this process.");

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("A message in JSON came in and was refused.");
}
