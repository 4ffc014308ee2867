using JobCloud.Protocol.Attempts;

namespace JobCloud.Protocol.Tests.Attempts;

public sealed class AttemptIdTests
{
    [Fact]
    public void A_key_round_trips() =>
        Assert.Equal(new AttemptId(7, 2), AttemptId.Of(new AttemptId(7, 2).ToKey()));

    [Fact]
    public void An_id_formats_as_its_file_name() => Assert.Equal("7.2", $"{new AttemptId(7, 2)}");
}
