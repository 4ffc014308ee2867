using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Wire;

/// <summary>Akka's view of <see cref="WireNames"/>: only what is in that table is written or
/// read.</summary>
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

    /// <summary>The message; a broken row of the journal becomes <see cref="UnreadableRow"/>, so
    /// that the segment it belongs to can say so.</summary>
    /// <exception cref="SerializationException">The name is not in the table, or the bytes are
    /// broken.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return Read(bytes, manifest);
        }
        catch (SerializationException e) when (manifest == JournalRowName)
        {
            return new UnreadableRow(e.Message);
        }
    }

    private static readonly string JournalRowName = WireNames.NameOf(typeof(JobsChanged))!;

    /// <exception cref="SerializationException">The name is not in the table, or the bytes are
    /// broken.</exception>
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

/// <summary>A row of the journal that cannot be read.</summary>
internal sealed record UnreadableRow(string Why);
