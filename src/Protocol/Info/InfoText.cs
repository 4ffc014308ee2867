using System.Globalization;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Info;

/// <summary>Formats info values as plain text, with exact numbers for scripts.</summary>
public static class InfoText
{
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
            InfoValue.Object o => string.Join('\n', o.Members.Select(m => Member(m, offset))),
            InfoValue.Absent absent => $"({absent.Why})",
            _ => "",
        };

    private static string Member(KeyValuePair<string, InfoValue> member, TimeSpan offset)
    {
        var text = Render(member.Value, offset);
        var nested = member.Value is InfoValue.Object { Members.Count: > 0 };
        return nested
            ? $"{member.Key}:\n  {text.Replace("\n", "\n  ")}"
            : $"{member.Key}: {text}".TrimEnd(' ');
    }
}
