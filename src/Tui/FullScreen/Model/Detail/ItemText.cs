using JobCloud.Protocol.Info;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>Formats info values for display: sizes and times with units.</summary>
internal static class ItemText
{
    /// <param name="offset">The offset of the displayed times from UTC.</param>
    public static string Of(InfoValue value, TimeSpan offset) =>
        value switch
        {
            InfoValue.List list => string.Join(", ", list.Values.Select(v => Of(v, offset))),
            InfoValue.Object o => string.Join(
                ", ",
                o.Members.Select(m => $"{m.Key} {Of(m.Value, offset)}".TrimEnd())
            ),
            _ => InfoText.Describe(value, offset),
        };

    /// <summary>An instant; only the time of day if it is today.</summary>
    /// <param name="now">The current time in µs.</param>
    public static string Clock(long micros, long now, TimeSpan offset)
    {
        var text = Instants.Short(micros, offset);
        return text[..10] == Instants.Short(now, offset)[..10] ? text[11..] : text;
    }

    /// <summary>A duration.</summary>
    public static string Seconds(double seconds) => InfoText.Seconds(seconds);
}
