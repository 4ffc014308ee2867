using System.Text;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Keys;

namespace JobCloud.Tui.Tests.Reference;

/// <summary>The reference page of the keys is their tables.</summary>
public sealed class KeysPageTests
{
    private static readonly (string Title, IReadOnlyList<KeyAction> Acts)[] Screens =
    [
        ("On every screen", GlobalKeys.All),
        ("In every list", ListKeys.All),
        ("All jobs (`1`), and the jobs of a map", JobsKeys.All),
        ("Both, besides", JobsKeys.OfList),
        ("All jobs, besides", JobsKeys.OfTable),
        ("A map, besides", MapKeys.All),
        ("The files of a job", FilesKeys.All),
        ("One job", JobKeys.All),
        ("Output", OutputKeys.All),
        ("Nodes (`2`)", NodesKeys.All),
        ("Pulse (`3`)", PulseKeys.All),
        ("Events (`4`)", EventsKeys.All),
        ("Forecast (`5`)", ForecastKeys.All),
        ("A new job", SubmitKeys.All),
    ];

    [Fact, Trait("Category", "Reference")]
    public void The_page_of_the_keys_is_their_tables()
    {
        var page = new StringBuilder();
        page.Append("# Keys of the full-screen UI\n\n");
        page.Append(
            "Generated from the key tables. `^F` is Ctrl-F; `?` shows the keys of a screen.\n"
        );
        foreach (var (title, acts) in Screens)
        {
            page.Append($"\n## {title}\n\n");
            page.Append(MarkdownTable.Of(["keys", "action"], acts.Select(Row)));
        }

        GeneratedPage.Holds("docs/reference/keys.md", page.ToString());
    }

    private static string[] Row(KeyAction act) =>
        [string.Join(" ", act.Names.Select(key => $"`{key}`")), act.Label];
}
