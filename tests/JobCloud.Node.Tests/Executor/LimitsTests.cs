using JobCloud.Node.Executor.Homes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Tests.Executor;

public sealed class LimitsTests : IDisposable
{
    private readonly HomePaths _home = new(Directory.CreateTempSubdirectory("jl").FullName);

    public LimitsTests() => Directory.CreateDirectory(_home.Run);

    public void Dispose() => Directory.Delete(_home.Home, recursive: true);

    [Fact]
    public void An_agents_settings_apply_at_once_and_after_a_restart()
    {
        var limits = LimitsFile.Load(_home, out _);

        Assert.True(LimitsFile.Apply(limits, new() { NiceStep = 0, ProfileSamples = 7 }, _home));

        var next = LimitsFile.Load(_home, out _);
        Assert.Equal((0, 7), (limits.NiceStep, limits.ProfileSamples));
        Assert.Equal(limits, next);
        Assert.Equal(ExecutorSettings.Defaults().NodeStopMs, next.NodeStopMs);
    }

    [Theory]
    [InlineData(new byte[] { 0x88, 0xff })]
    [InlineData(new byte[] { })]
    // Looks like a setting: one sample a second.
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 0xf8, 0x03, 0x01 })]
    public void A_damaged_file_is_ignored(byte[] content)
    {
        File.WriteAllBytes(_home.ExecutorLimits, content);

        Assert.Equal(ExecutorSettings.Defaults(), LimitsFile.Load(_home, out var isReadable));
        Assert.False(isReadable);
    }
}
