using JobCloud.Protocol.Info;
using JobCloud.Testing;

namespace JobCloud.Tui.Tests.Reference;

/// <summary>The reference page of the info items is their catalogue.</summary>
public sealed class ItemsPageTests
{
    private const string Start = """
        # Info items

        Generated from the catalogue of info items. `jobcloud info JIDS -o ITEMS` shows them;
        in JSON, names with dots are nested.


        """;

    [Fact, Trait("Category", "Reference")]
    public void The_page_of_the_info_items_is_their_catalogue()
    {
        var table = MarkdownTable.Of(
            ["item", "meaning", "unit", "groups"],
            InfoCatalog.All.Select(item =>
                new[] { $"`{item.Name}`", item.Help, item.Unit, GroupsOf(item) }
            )
        );
        var kept = InfoCatalog.All.Where(item => item.Kept).Select(item => $"`{item.Name}`");
        var end = $"""

            Without `-o`, `info` shows {Listed(InfoCatalog.Default.Select(name => $"`{name}`"))}.
            Of deleted jobs, {Listed(kept)} are kept.

            """;

        GeneratedPage.Holds("docs/reference/items.md", Start + table + end);
    }

    private static string GroupsOf(InfoItem item) =>
        string.Join(
            ", ",
            new[] { item.Group, "all" }.Where(name => name.Length > 0).Select(name => $"`{name}`")
        );

    private static string Listed(IEnumerable<string> names)
    {
        var all = names.ToList();
        return $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }
}
