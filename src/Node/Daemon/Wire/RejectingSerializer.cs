using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace JobCloud.Node.Daemon.Wire;

/// <summary>
/// Stands where Akka.NET has its JSON serializer, which makes whatever type the bytes name: nothing
/// that comes in may decide what is instantiated.
/// </summary>
internal sealed class RejectingSerializer : Serializer
{
    // Akka.NET looks for this constructor where a serializer has settings of its own.
    public RejectingSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    /// <summary>The JSON serializer's.</summary>
    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException(
            $"{obj.GetType().FullName} may not leave this process: no serializer is bound to it."
        );

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("A message in JSON came in and was refused.");
}
