using FsCheck.Xunit;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Inbound;

namespace JobCloud.Protocol.Tests.Inbound;

public sealed class InboundGuardLaws
{
    private const string Own = "akka.ssl.tcp://jobcloud@127.0.0.1:8558";

    /// <summary>The introduction of jobcloud at 127.0.0.1:8559.</summary>
    private static readonly byte[] Introduction = Convert.FromHexString(
        "12300801122C0A210A086A6F62636C6F756412093132372E302E302E3118EF42220773736C2E746370110100000000000000"
    );

    [Property]
    public bool Every_frame_of_random_bytes_is_refused(byte[] bytes)
    {
        var guard = new InboundGuard(CertificateRole.Node, "n1", Own, "", () => KnownMembers.None);
        return guard.Check(bytes).Refusal is not null || RemoteFrame.TryRead(bytes, out _);
    }

    [Fact]
    public void A_hundred_refused_frames_end_the_connection()
    {
        var guard = new InboundGuard(CertificateRole.Node, "n1", Own, "", () => KnownMembers.None);
        for (var i = 1; i < 100; i++)
            Assert.False(guard.Check([0xff]).EndsLink);
        Assert.True(guard.Check([0xff]).EndsLink);
    }

    [Theory]
    [InlineData(CertificateRole.Client, true)]
    [InlineData(CertificateRole.Node, false)]
    public void A_client_cannot_take_the_address_of_a_node(CertificateRole role, bool isRefused)
    {
        const string other = "akka.ssl.tcp://jobcloud@127.0.0.1:8559";
        var known = new KnownMembers([new(other, 1, WireStatus.Up, ["node.n2"])]);
        var guard = new InboundGuard(role, null, Own, "", () => known);
        var verdict = guard.Check(Introduction);
        Assert.Equal(isRefused, verdict.Refusal is not null);
        Assert.Equal(isRefused, verdict.EndsLink);
    }

    [Fact]
    public void A_peer_is_the_one_that_was_asked()
    {
        var guard = new InboundGuard(CertificateRole.Node, "n1", Own, Own, () => KnownMembers.None);
        Assert.True(guard.Check(Introduction).EndsLink);
    }

    [Fact]
    public void A_field_that_occurs_twice_is_refused_because_a_parser_may_keep_either()
    {
        // A heartbeat, and then another instruction.
        byte[] heartbeat = [0x12, 0x02, 0x08, 0x03];
        Assert.True(RemoteFrame.TryRead(heartbeat, out _));
        Assert.False(RemoteFrame.TryRead([.. heartbeat, .. heartbeat], out _));
    }
}
