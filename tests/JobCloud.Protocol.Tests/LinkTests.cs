using System.Text.RegularExpressions;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests;

/// <summary>Every relative link in the repository's pages leads to a file, and its anchor to a
/// heading.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages =>
        [
            .. Directory
                .EnumerateFiles(SourceTree.Root, "*.md", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(SourceTree.Root, file))
                .Where(file => !file.Split('/').Any(part => part is "artifacts" or "obj" or "bin"))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_target_of_every_link_exists(string page)
    {
        var lost = LinksIn(page).Where(link => !Leads(page, link));

        Assert.Empty(lost);
    }

    [Fact]
    public void An_anchor_is_a_heading_in_lower_case_with_dashes() =>
        Assert.Equal(
            ["coming-from-another-tool", "a-b", "whats-new-in-jobcloud-ls", "a-b-1", "42"],
            AnchorsIn(
                "# Coming from another tool\n## A b\n### What's new in `jobcloud ls`\n## a b\n"
                    + "```sh\n# no heading\n```\n<a id=\"42\"></a>\n"
            )
        );

    private static IEnumerable<string> LinksIn(string page) =>
        Link()
            .Matches(WithoutCode(File.ReadAllText(SourceTree.PathOf(page))))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://") && !link.StartsWith("mailto:"));

    private static bool Leads(string page, string link)
    {
        var (path, anchor) = link.Split('#') is [var file, var name] ? (file, name) : (link, "");
        var folder = Path.GetDirectoryName(SourceTree.PathOf(page))!;
        var target = path.Length == 0 ? SourceTree.PathOf(page) : Path.Combine(folder, path);
        return Path.Exists(target)
            && (anchor.Length == 0 || AnchorsIn(File.ReadAllText(target)).Contains(anchor));
    }

    /// <summary>As GitHub makes them: repeated headings are numbered.</summary>
    private static List<string> AnchorsIn(string text)
    {
        var anchors = new List<string>();
        foreach (Match match in Heading().Matches(WithoutBlocks(text)))
        {
            if (match.Groups["id"].Success)
            {
                anchors.Add(match.Groups["id"].Value);
                continue;
            }
            var title = LinkText().Replace(match.Groups["title"].Value, "$1").Trim();
            var name = Dropped().Replace(title.ToLowerInvariant(), "").Replace(' ', '-');
            var earlier = anchors.Count(anchor => anchor == name || IsNumbered(anchor, name));
            anchors.Add(earlier == 0 ? name : $"{name}-{earlier}");
        }
        return anchors;
    }

    private static bool IsNumbered(string anchor, string name) =>
        anchor.StartsWith($"{name}-") && int.TryParse(anchor[(name.Length + 1)..], out _);

    private static string WithoutBlocks(string text) => Block().Replace(text, "");

    private static string WithoutCode(string text) => Code().Replace(WithoutBlocks(text), "");

    [GeneratedRegex(@"\]\(([^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(
        "^#{1,6} (?<title>.*)$|<a (?:id|name)=\"(?<id>[^\"]+)\"",
        RegexOptions.Multiline
    )]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M} _-]")]
    private static partial Regex Dropped();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Code();
}
