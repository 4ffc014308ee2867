using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Maps;

/// <summary>Formats failures of a map: <c>22 error: exit 1</c>.</summary>
internal static class FailureText
{
    public static string Of(FailureGroup group)
    {
        var why = group.Reason is null ? "other reasons" : ReasonText.For(group.Reason);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{group.Count:#,0} {StatusNames.Of(group.Status)}{(why.Length > 0 ? ": " : "")}{why}"
        );
    }

    /// <summary>The most frequent failure, and how many others there are.</summary>
    public static string Summary(IReadOnlyList<FailureGroup> groups)
    {
        if (groups.Count == 0)
            return "";
        var others = groups.Skip(1).Sum(group => group.Count);
        return others == 0
            ? Of(groups[0])
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Of(groups[0])}; {others:#,0} {(others == 1 ? "other" : "others")}"
            );
    }
}
