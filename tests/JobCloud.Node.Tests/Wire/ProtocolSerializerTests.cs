using System.Runtime.Serialization;
using Akka.Actor;
using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;

namespace JobCloud.Node.Tests.Wire;

public sealed class ProtocolSerializerTests : ActorTest
{
    private readonly ProtocolSerializer _serializer;

    public ProtocolSerializerTests() =>
        _serializer = new ProtocolSerializer((ExtendedActorSystem)Sys);

    [Property(Arbitrary = [typeof(AnyMessage)])]
    public bool Every_message_round_trips(IMessage message) =>
        _serializer
            .FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message))
            .Equals(message);

    [Property(Arbitrary = [typeof(AnyMessage)])]
    public bool Damaged_bytes_give_a_message_an_unreadable_row_or_a_serialization_error(
        IMessage message,
        int at,
        byte with
    )
    {
        var bytes = _serializer.ToBinary(message);
        if (bytes.Length > 0)
            bytes[(at & int.MaxValue) % bytes.Length] = with;
        try
        {
            var read = _serializer.FromBinary(bytes, _serializer.Manifest(message));
            return read is IMessage
                || (read is UnreadableRow && message is JobsChanged or SegmentCompacted);
        }
        catch (SerializationException)
        {
            return true;
        }
    }

    [Fact]
    public void A_message_outside_the_table_is_not_written() =>
        Assert.Throws<SerializationException>(() => _serializer.ToBinary(new ConfigEntry()));

    [Fact]
    public void A_name_outside_the_table_is_not_read() =>
        Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "system.Process"));

    [Fact]
    public void Identifier_and_manifest_are_part_of_the_storage_format()
    {
        Assert.Equal(120, _serializer.Identifier);
        Assert.Equal("events.JobsChanged", _serializer.Manifest(new JobsChanged()));
    }
}
