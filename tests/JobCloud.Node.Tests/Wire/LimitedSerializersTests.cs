using System.Runtime.Serialization;
using JobCloud.ClusterPort;

namespace JobCloud.Node.Tests.Wire;

/// <summary>What a member reads, also within another message.</summary>
public sealed class LimitedSerializersTests : ActorTest
{
    public LimitedSerializersTests()
        : base(SerializerSettings.Hocon) { }

    [Theory]
    [InlineData(1, "System.Diagnostics.Process, System.Diagnostics.Process")]
    [InlineData(2, "JobCloud.Protocol.Api.SubmitRequest, JobCloud.Protocol")]
    [InlineData(3, "")]
    [InlineData(36, "a")]
    [InlineData(16, "PP")]
    [InlineData(16, "K")]
    [InlineData(16, "STF")]
    [InlineData(16, "CF")]
    [InlineData(16, "RORRP")]
    [InlineData(22, "Akka.Dispatch.SysMsg.Create, Akka")]
    [InlineData(22, "Akka.Dispatch.SysMsg.Failed, Akka")]
    [InlineData(22, "Akka.Dispatch.SysMsg.Terminate, Akka")]
    public void Nothing_that_names_a_type_or_ends_an_actor_is_read(
        int serializer,
        string manifest
    ) =>
        Assert.Throws<SerializationException>(() =>
            Sys.Serialization.Deserialize([], serializer, manifest)
        );

    [Fact]
    public void A_heartbeat_of_a_watcher_is_read() =>
        Assert.NotNull(Sys.Serialization.Deserialize([], 16, "RWHB"));

    [Fact]
    public void A_message_without_a_serializer_is_not_written()
    {
        var json = Sys.Serialization.FindSerializerForType(typeof(object));
        Assert.Throws<SerializationException>(() => json.ToBinary("text"));
    }
}
