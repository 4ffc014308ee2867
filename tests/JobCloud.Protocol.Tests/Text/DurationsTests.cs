using FsCheck.Xunit;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Text;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public sealed class DurationsTests
{
    [Property]
    public void A_duration_round_trips(uint low, ushort high)
    {
        var duration = TimeSpan.FromMilliseconds(low * (1L + high));
        Assert.Equal(duration, Durations.Parse(Durations.Print(duration)).Value);
    }

    [Property]
    public void Any_text_parses_to_a_duration_or_an_error_within_it(Scrap scrap)
    {
        var parsed = Durations.Parse(scrap.Text, TimeSpan.FromMinutes(1));
        if (!parsed.Ok)
            Spans.AreWithin(scrap.Text, parsed.Error);
        else
            Assert.True(parsed.Value >= TimeSpan.Zero);
    }

    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("1min30s", 90_000)]
    [InlineData("0s", 0)]
    public void A_duration_has_units(string text, long milliseconds) =>
        Assert.Equal(milliseconds, Durations.Parse(text).Value.TotalMilliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("1h30")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5y")]
    [InlineData("1.2.3s")]
    [InlineData("s")]
    [InlineData("99999999999999999999d")]
    public void An_invalid_duration_is_an_error(string text) =>
        Assert.False(Durations.Parse(text).Ok);

    [Fact]
    public void A_bare_number_has_the_given_unit() =>
        Assert.Equal(TimeSpan.FromMinutes(5), Durations.Parse("5", TimeSpan.FromMinutes(1)).Value);

    [Theory]
    [InlineData(60_000, "1m", "1 min")]
    [InlineData(5_400_000, "1h30m", "1 h 30 min")]
    [InlineData(1_500, "1s500ms", "1 s 500 ms")]
    [InlineData(0, "0s", "0 s")]
    public void Durations_are_formatted_for_tables_and_for_sentences(
        long milliseconds,
        string print,
        string words
    )
    {
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Equal(print, Durations.Print(duration));
        Assert.Equal(words, Durations.Words(duration));
    }
}
