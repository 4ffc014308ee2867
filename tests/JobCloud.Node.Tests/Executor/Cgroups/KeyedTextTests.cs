using JobCloud.Node.Executor.Cgroups;

namespace JobCloud.Node.Tests.Executor.Cgroups;

/// <summary>Tests with texts of real kernels.</summary>
public sealed class KeyedTextTests
{
    private static ReadOnlySpan<byte> CpuStat =>
        "usage_usec 12933678391\nuser_usec 11009956692\nsystem_usec 1923721699\nnr_periods 0\n"u8;

    private static ReadOnlySpan<byte> MemoryEvents =>
        "low 0\nhigh 0\nmax 131\noom 2\noom_kill 1\noom_group_kill 1\n"u8;

    private static ReadOnlySpan<byte> OomControl =>
        "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"u8;

    [Fact]
    public void A_number_is_found_by_its_key()
    {
        Assert.Equal(12933678391, KeyedText.Number(CpuStat, "usage_usec"u8));
        Assert.Equal(1923721699, KeyedText.Number(CpuStat, "system_usec"u8));
        Assert.Equal(131, KeyedText.Number(MemoryEvents, "max"u8));
        Assert.Equal(0, KeyedText.Number("populated 0\nfrozen 0\n"u8, "populated"u8));
    }

    [Fact]
    public void A_key_does_not_match_a_longer_key()
    {
        Assert.Equal(1, KeyedText.Number(MemoryEvents, "oom_kill"u8));
        Assert.Equal(2, KeyedText.Number(MemoryEvents, "oom"u8));
        Assert.Equal(3, KeyedText.Number(OomControl, "oom_kill"u8));
    }

    [Fact]
    public void A_missing_or_malformed_value_is_minus_one()
    {
        // Before Linux 4.13, memory.oom_control did not count kills.
        Assert.Equal(-1, KeyedText.Number("oom_kill_disable 0\nunder_oom 0\n"u8, "oom_kill"u8));
        Assert.Equal(-1, KeyedText.Number(""u8, "oom_kill"u8));
        Assert.Equal(-1, KeyedText.Number("max many\n"u8, "max"u8));
        Assert.Equal(-1, KeyedText.Number("max"u8, "max"u8));
    }

    [Fact]
    public void A_list_has_one_number_per_line()
    {
        Assert.Equal([1, 4194304], KeyedText.Numbers("1\n4194304\n"u8));
        Assert.Empty(KeyedText.Numbers(""u8));
    }
}
