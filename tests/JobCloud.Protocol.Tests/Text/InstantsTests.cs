using FsCheck.Xunit;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Text;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public sealed class InstantsTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Property]
    public void An_instant_round_trips(uint low, short high, sbyte quarters)
    {
        var micros = high * (1L << 37) + low;
        var offset = TimeSpan.FromMinutes(quarters % 48 * 15);
        Assert.Equal(micros, Instants.Parse(Instants.Print(micros, offset), 0, Hour).Value);
    }

    [Property]
    public void Any_text_parses_to_an_instant_or_an_error_within_it(Scrap scrap)
    {
        if (Instants.Parse(scrap.Text, Generators.Now, Hour) is { Ok: false } parsed)
            Spans.AreWithin(scrap.Text, parsed.Error);
    }

    [Property]
    public void Any_number_can_be_formatted(long micros) =>
        Assert.NotEmpty(Instants.Print(micros, Hour) + Instants.Short(micros, -Hour));

    [Theory]
    [InlineData("2026-11-22T15:04:05.123Z", 0)]
    [InlineData("2026-11-22T16:04:05.123+01:00", 0)]
    [InlineData("2026-11-22 16:04:05.123", 0)]
    [InlineData("2026-11-22T16:04", -5_123_000)]
    [InlineData("2h", -7_200_000_000)]
    [InlineData("0s", 0)]
    public void A_time_is_absolute_or_relative_to_now(string text, long difference) =>
        Assert.Equal(Generators.Now + difference, Instants.Parse(text, Generators.Now, Hour).Value);

    [Fact]
    public void Instants_are_formatted_for_programs_tables_and_logs()
    {
        Assert.Equal("2026-11-22T15:04:05.123000Z", Instants.Print(Generators.Now, TimeSpan.Zero));
        Assert.Equal("2026-11-22T16:04:05.123000+01:00", Instants.Print(Generators.Now, Hour));
        Assert.Equal("2026-11-22 16:04:05", Instants.Short(Generators.Now, Hour));
        Assert.Equal("2026-11-22 15:04:05.123", Instants.Log(Generators.Now, TimeSpan.Zero));
    }
}
