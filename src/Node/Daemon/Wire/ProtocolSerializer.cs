using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Wire;

/// <summary>Akka's serializer for the messages in <see cref="WireNames"/>; it accepts no
/// others.</summary>
internal sealed class ProtocolSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    public override int Identifier => ClusterNames.SerializerId;

    public override string Manifest(object o) => NameOf(o);

    public override byte[] ToBinary(object obj)
    {
        NameOf(obj);
        return ((IMessage)obj).ToByteArray();
    }

    /// <summary>The message. A damaged journal row becomes <see cref="UnreadableRow"/>, so that its
    /// segment can report it.</summary>
    /// <exception cref="SerializationException">The table does not have the name, or the bytes are
    /// damaged.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return Read(bytes, manifest);
        }
        catch (SerializationException e) when (JournalRowNames.Contains(manifest))
        {
            return new UnreadableRow(e.Message);
        }
    }

    private static readonly string[] JournalRowNames =
    [
        WireNames.NameOf(typeof(JobsChanged))!,
        WireNames.NameOf(typeof(SegmentCompacted))!,
    ];

    /// <exception cref="SerializationException">The table does not have the name, or the bytes are
    /// damaged.</exception>
    public static IMessage Read(byte[] bytes, string manifest)
    {
        var parser =
            WireNames.ParserOf(manifest)
            ?? throw new SerializationException($"Unknown message name \"{manifest}\".");
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"Invalid bytes for {manifest}: {e.Message}", e);
        }
    }

    private static string NameOf(object message) =>
        WireNames.NameOf(message.GetType())
        ?? throw new SerializationException(
            $"{message.GetType().Name} cannot be sent or stored: it is not in WireNames."
        );
}

/// <summary>A journal row that cannot be read.</summary>
internal sealed record UnreadableRow(string Why);
