using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace JobCloud.Node.Daemon.Wire;

/// <summary>
/// Replaces Akka.NET's JSON serializer, which instantiates any type that the bytes name: incoming
/// data must not choose types.
/// </summary>
internal sealed class RejectingSerializer : Serializer
{
    // Akka.NET calls this constructor for a serializer with settings of its own.
    public RejectingSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    /// <summary>The JSON serializer's ID.</summary>
    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException(
            $"{obj.GetType().FullName} cannot be sent or stored: it has no serializer."
        );

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("Rejected an incoming message in JSON.");
}
