using System.Globalization;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Info;

/// <summary>Formats info values as plain text: for scripts with exact numbers, for people with
/// units.</summary>
public static class InfoText
{
    /// <summary>Formats a value for people; what an object or a list contains is on lines of its
    /// own.</summary>
    /// <param name="offset">The UTC offset of displayed times.</param>
    public static string Describe(InfoValue value, TimeSpan offset) =>
        value switch
        {
            InfoValue.Bytes bytes => Sizes.Print(bytes.Value),
            InfoValue.Seconds seconds => Seconds(seconds.Value),
            InfoValue.Instant instant => Instants.Short(instant.Micros, offset),
            InfoValue.Flag flag => flag.Value ? "yes" : "no",
            InfoValue.List list when list.Values.Any(v => v is InfoValue.Object) => string.Join(
                '\n',
                list.Values.Select(v => Describe(v, offset).Replace("\n", ", "))
            ),
            InfoValue.List list => string.Join(", ", list.Values.Select(v => Describe(v, offset))),
            InfoValue.Object o => string.Join(
                '\n',
                o.Members.Select(m => Member(m, Describe(m.Value, offset)))
            ),
            _ => Render(value, offset),
        };

    /// <summary>A duration, to a hundredth of a second below a minute, else to the
    /// second.</summary>
    public static string Seconds(double seconds) =>
        seconds < 60
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s")
            : Durations.Words(TimeSpan.FromSeconds(Math.Floor(seconds)));

    /// <param name="offset">The UTC offset of displayed times.</param>
    public static string Render(InfoValue value, TimeSpan offset) =>
        value switch
        {
            InfoValue.Text text => text.Value,
            InfoValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
            InfoValue.Bytes bytes => bytes.Value.ToString(CultureInfo.InvariantCulture),
            InfoValue.Seconds seconds => seconds.Value.ToString(
                "0.######",
                CultureInfo.InvariantCulture
            ),
            InfoValue.Instant instant => Instants.Print(instant.Micros, offset),
            InfoValue.Flag flag => flag.Value ? "true" : "false",
            InfoValue.List list when list.Values.Any(v => v is InfoValue.Object) => string.Join(
                '\n',
                list.Values.Select(v => Render(v, offset).Replace("\n", ", "))
            ),
            InfoValue.List list => string.Join(", ", list.Values.Select(v => Render(v, offset))),
            InfoValue.Object o => string.Join(
                '\n',
                o.Members.Select(m => Member(m, Render(m.Value, offset)))
            ),
            InfoValue.Absent absent => $"({absent.Why})",
            _ => "",
        };

    private static string Member(KeyValuePair<string, InfoValue> member, string text)
    {
        var nested = member.Value is InfoValue.Object { Members.Count: > 0 };
        return nested
            ? $"{member.Key}:\n  {text.Replace("\n", "\n  ")}"
            : $"{member.Key}: {text}".TrimEnd(' ');
    }
}
