using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Wire;

/// <summary>Akka's view of <see cref="WireNames"/>: only what is in that table is written or read.</summary>
public sealed class ProtocolSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    /// <summary>Stands in every row of the journal: it can never change.</summary>
    public const int Id = 120;

    public override int Identifier => Id;

    public override string Manifest(object o) => NameOf(o);

    public override byte[] ToBinary(object obj)
    {
        NameOf(obj);
        return ((IMessage)obj).ToByteArray();
    }

    /// <exception cref="SerializationException">The name is not in the table, or the bytes are broken.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => Read(bytes, manifest);

    /// <inheritdoc cref="FromBinary(byte[], string)"/>
    public static IMessage Read(byte[] bytes, string manifest)
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

    private static string NameOf(object message) =>
        WireNames.NameOf(message.GetType())
        ?? throw new SerializationException(
            $"{message.GetType().Name} may not leave this process: it is not in WireNames."
        );
}
