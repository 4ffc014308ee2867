using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>A row of the overview.</summary>
/// <param name="IsAbsent">Whether the value is the reason why there is none.</param>
internal sealed record JobFact(string Name, string Value, bool IsAbsent);

/// <summary>The details of a job, item by item of the catalogue.</summary>
internal static class JobFacts
{
    /// <summary>The items of the overview; those over time are plotted.</summary>
    public static IReadOnlyList<InfoItem> Items { get; } =
    [.. InfoCatalog.All.Where(item => item.Kind != InfoKind.List)];

    /// <param name="now">The current time in µs.</param>
    /// <param name="offset">The offset of the displayed times from UTC.</param>
    public static IEnumerable<JobFact> Of(JobDetail job, long now, TimeSpan offset)
    {
        foreach (var item in Items)
        {
            var value = item.Read(job, now);
            var missed = item.PartialReason(job) is { } reason ? $" ({reason})" : "";
            if (value is InfoValue.Absent absent)
                yield return new(item.Name, absent.Why, true);
            else if (value is InfoValue.Object { Members.Count: > 0 } nested)
                foreach (var (name, member) in nested.Members)
                    yield return new($"{item.Name}.{name}", ItemText.Of(member, offset), false);
            else if (value is InfoValue.Text text)
                yield return new(item.Name, Brief(text.Value) + missed, false);
            else
                yield return new(item.Name, ItemText.Of(value, offset) + missed, false);
        }
    }

    // The last line of a long text, and the number of lines.
    private static string Brief(string text)
    {
        if (text.Length == 0)
            return "(empty)";
        var lines = text.TrimEnd('\n').Split('\n');
        return lines.Length > 1
            ? $"{lines[^1].TrimEnd('\r')}  (last of {lines.Length} lines)"
            : lines[0];
    }
}
