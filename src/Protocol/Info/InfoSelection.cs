using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Info;

/// <summary>The items asked for, each once, in the order asked for.</summary>
public sealed record InfoSelection(IReadOnlyList<InfoItem> Items)
{
    private static readonly string[] Known =
    [
        .. InfoCatalog.All.Select(item => item.Name),
        .. InfoCatalog.Groups,
    ];

    /// <summary>All that must be fetched for them.</summary>
    public InfoNeed Needs => Items.Aggregate(InfoNeed.Core, (needs, item) => needs | item.Need);

    /// <summary>Reads names of items and groups separated by commas; empty: the default
    /// set.</summary>
    public static Parsed<InfoSelection> Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            text = string.Join(',', InfoCatalog.Default);
        var items = new List<InfoItem>();
        var at = 0;
        foreach (var part in text.Split(','))
        {
            var name = part.Trim();
            var found = InfoCatalog.All.Where(i =>
                (name is "all" && !i.OnRequest) || i.Name == name || i.Group == name
            );
            if (name.Length == 0 || !found.Any())
            {
                var hint = Suggestions.Hint(name, Known);
                return new TextError(at, part.Length, $"There is no info item '{name}': {hint}");
            }
            items.AddRange(found.Where(item => !items.Contains(item)));
            at += part.Length + 1;
        }
        return new InfoSelection(items);
    }

    /// <summary>Reads a list of names, as an InfoRequest holds them.</summary>
    public static Parsed<InfoSelection> Parse(IEnumerable<string> names) =>
        Parse(string.Join(',', names));
}
