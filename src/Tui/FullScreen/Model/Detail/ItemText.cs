using System.Globalization;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>Info values for people: sizes and times with their units.</summary>
internal static class ItemText
{
    /// <param name="offset">From UTC, of the times shown.</param>
    public static string Of(InfoValue value, TimeSpan offset) =>
        value switch
        {
            InfoValue.Bytes bytes => Sizes.Print(bytes.Value),
            InfoValue.Seconds seconds => Seconds(seconds.Value),
            InfoValue.Instant instant => Instants.Short(instant.Micros, offset),
            InfoValue.Flag flag => flag.Value ? "yes" : "no",
            InfoValue.List list => string.Join(", ", list.Values.Select(v => Of(v, offset))),
            InfoValue.Object o => string.Join(
                ", ",
                o.Members.Select(m => $"{m.Key} {Of(m.Value, offset)}".TrimEnd())
            ),
            _ => InfoText.Render(value, offset),
        };

    /// <summary>An instant; of today the time of day alone.</summary>
    /// <param name="now">In µs.</param>
    public static string Clock(long micros, long now, TimeSpan offset)
    {
        var text = Instants.Short(micros, offset);
        return text[..10] == Instants.Short(now, offset)[..10] ? text[11..] : text;
    }

    /// <summary>To the hundredth below a minute, to the second above.</summary>
    public static string Seconds(double seconds) =>
        seconds < 60
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s")
            : Durations.Words(TimeSpan.FromSeconds(Math.Floor(seconds)));
}
