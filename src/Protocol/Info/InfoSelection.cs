using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Info;

/// <summary>The requested items, each once, in the requested order.</summary>
public sealed record InfoSelection(IReadOnlyList<InfoItem> Items)
{
    private static readonly string[] Known =
    [
        .. InfoCatalog.All.Select(item => item.Name),
        .. InfoCatalog.Groups,
    ];

    /// <summary>The data that they need.</summary>
    public InfoNeed Needs => Items.Aggregate(InfoNeed.Core, (needs, item) => needs | item.Need);

    /// <summary>Parses comma-separated names of items and groups; empty: the default
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
                name is "all" || i.Name == name || i.Group == name
            );
            if (name.Length == 0 || !found.Any())
            {
                var hint = Suggestions.Hint(name, Known);
                return new TextError(at, part.Length, $"Unknown info item '{name}': {hint}");
            }
            items.AddRange(found.Where(item => !items.Contains(item)));
            at += part.Length + 1;
        }
        return new InfoSelection(items);
    }

    /// <summary>Parses the names of an InfoRequest.</summary>
    public static Parsed<InfoSelection> Parse(IEnumerable<string> names) =>
        Parse(string.Join(',', names));
}
