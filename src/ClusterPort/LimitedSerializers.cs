using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization;
using Akka.Serialization;
using JobCloud.Protocol.Inbound;

namespace JobCloud.ClusterPort;

/// <summary>Takes the place of a serializer of Akka.NET that creates whatever type the bytes name:
/// incoming data must not choose types, neither alone nor within another message.</summary>
internal sealed class RefusingSerializer : Serializer
{
    // Akka.NET calls this constructor for a serializer with settings of its own.
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => Identifier = settings.GetInt("identifier");

    /// <summary>The identifier of the serializer that it replaces.</summary>
    public override int Identifier { get; }

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException(
            $"{obj.GetType().FullName} cannot be sent or stored: it has no serializer."
        );

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException(
            $"Rejected an incoming message of serializer {Identifier}."
        );
}

/// <summary>Reads the few of Akka.NET's various messages that members send: no PoisonPill, no Kill,
/// no exception, which would be created by the name of its type.</summary>
internal sealed class MiscSerializer(ExtendedActorSystem system)
    : SerializerWithStringManifest(system)
{
    private static readonly string[] Read = ["ID", "AID", "RWHB", "RWHR"];

    private readonly MiscMessageSerializer _all = new(system);

    public override int Identifier => SerializerIds.Misc;

    public override string Manifest(object o) => _all.Manifest(o);

    public override byte[] ToBinary(object obj) => _all.ToBinary(obj);

    public override object FromBinary(byte[] bytes, string manifest) =>
        Read.Contains(manifest)
            ? _all.FromBinary(bytes, manifest)
            : throw new SerializationException($"Rejected an incoming message \"{manifest}\".");
}

/// <summary>Reads the system messages that members send: those of watching.</summary>
internal sealed class SystemSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private static readonly Type[] Read =
    [
        typeof(Watch),
        typeof(Unwatch),
        typeof(DeathWatchNotification),
    ];

    private readonly SystemMessageSerializer _all = new(system);

    public override int Identifier => SerializerIds.SystemMessages;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => _all.ToBinary(obj);

    public override object FromBinary(byte[] bytes, Type type) =>
        Read.Contains(type)
            ? _all.FromBinary(bytes, type)
            : throw new SerializationException("Rejected an incoming system message.");
}
