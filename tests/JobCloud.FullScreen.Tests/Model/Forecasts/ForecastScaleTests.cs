using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model.Forecasts;

namespace JobCloud.FullScreen.Tests.Model.Forecasts;

public sealed class ForecastScaleTests
{
    private const long Minute = 60_000_000;
    private const long Now = 1_795_357_623_000_000;

    [Property]
    public bool Marks_of_each_period_are_apart_and_in_sight(byte place, byte columns)
    {
        var (width, period) = (columns + 20, PeriodOf(place));
        var scale = new ForecastScale(Now, period.LengthUs, width, width / 8);
        var marks = scale.Marks(TimeSpan.FromHours(1)).ToList();
        return marks.All(mark => mark.Column >= 0 && mark.Column < width)
            && marks.Zip(marks.Skip(1)).All(pair => pair.Second.Column - pair.First.Column >= 11);
    }

    [Property]
    public bool An_instant_is_in_the_column_that_begins_before_it(byte place, byte at)
    {
        var scale = new ForecastScale(Now, PeriodOf(place).LengthUs, 120, 15);
        var column = at % 119;
        var middle = (scale.InstantAt(column) + scale.InstantAt(column + 1)) / 2;
        return scale.ColumnOf(middle) == column;
    }

    [Fact]
    public void Times_are_of_the_day_and_dates_of_longer_periods()
    {
        Assert.Equal(["14:30", "15:00", "15:30"], Texts(90 * Minute).Take(3));
        Assert.Contains("11-23", Texts(3 * 1_440 * Minute));

        static IEnumerable<string> Texts(long length) =>
            new ForecastScale(Now, length, 60, 0).Marks(TimeSpan.Zero).Select(mark => mark.Text);
    }

    [Theory]
    [InlineData(0, "1 h")]
    [InlineData(1, "1 min")]
    [InlineData(2, "5 min")]
    [InlineData(100, "3 h")]
    [InlineData(800_000, "1 year")]
    public void The_first_period_is_the_shortest_that_has_all_that_is_known(int to, string name)
    {
        var reply = new ForecastReply { At = Now };
        reply.Bars.Add(new ForecastBar { From = Now - 1, To = to == 0 ? 0 : Now + to * Minute });
        Assert.Equal(name, ForecastPeriod.All[ForecastPeriod.PlaceFor(reply)].Name);
    }

    [Property]
    public bool All_parts_fit_into_any_height(byte height, byte nodes, byte queued, byte summary)
    {
        var rows = 6 + height % 80;
        var layout = ForecastLayout.Of(rows, nodes, queued, summary, most => nodes * most);
        return layout is { Lanes: >= 1, Summary: >= 0, List: >= 0 }
            && layout.ListAt + layout.List <= rows;
    }

    private static ForecastPeriod PeriodOf(byte place) =>
        ForecastPeriod.All[place % ForecastPeriod.All.Count];
}
