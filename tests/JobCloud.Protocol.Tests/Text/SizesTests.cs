using FsCheck.Xunit;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Text;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public sealed class SizesTests
{
    [Property]
    public void A_printed_size_round_trips_approximately(uint low, byte shift)
    {
        var bytes = (long)low << (shift % 30);
        var printed = Sizes.Print(bytes);
        Assert.InRange(Sizes.Parse(printed).Value, bytes * 0.94 - 1, bytes * 1.06 + 1);
        Assert.Equal(printed, Sizes.Print(Sizes.Parse(printed).Value));
    }

    [Property]
    public void An_exact_size_round_trips(uint low, byte shift)
    {
        var bytes = (long)low << (shift % 30);
        Assert.Equal(bytes, Sizes.Parse(Sizes.Exact(bytes)).Value);
    }

    [Property]
    public void Any_text_parses_to_a_size_or_an_error_within_it(Scrap scrap)
    {
        var parsed = Sizes.Parse(scrap.Text);
        if (!parsed.Ok)
            Spans.AreWithin(scrap.Text, parsed.Error);
        else
            Assert.True(parsed.Value >= 0);
    }

    [Theory]
    [InlineData("512M", 512L << 20)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("1.5G", 3L << 29)]
    [InlineData("300mb", 300L << 20)]
    [InlineData("1 KiB", 1024)]
    [InlineData("17", 17)]
    [InlineData("17B", 17)]
    public void Units_are_powers_of_1024(string text, long bytes) =>
        Assert.Equal(bytes, Sizes.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1M")]
    [InlineData("1X")]
    [InlineData("1MiBs")]
    [InlineData("99E")]
    public void An_invalid_size_is_an_error(string text) => Assert.False(Sizes.Parse(text).Ok);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(314572800, "300 MiB")]
    [InlineData(1048575, "1 MiB")]
    public void Sizes_are_formatted_in_the_largest_unit(long bytes, string text) =>
        Assert.Equal(text, Sizes.Print(bytes));
}
