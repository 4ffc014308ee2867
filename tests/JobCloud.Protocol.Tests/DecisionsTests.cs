using System.Text.RegularExpressions;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests;

/// <summary>src/DECISIONS.md, and the references to its decisions.</summary>
public sealed partial class DecisionsTests
{
    private static readonly string Text = File.ReadAllText(SourceTree.PathOf("src/DECISIONS.md"));

    [Fact]
    public void Every_decision_has_a_number_an_anchor_and_a_status()
    {
        var numbers = Decision().Matches(Text).Select(m => int.Parse(m.Groups[1].Value)).ToList();
        Assert.NotEmpty(numbers);
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers.Order());
        Assert.Equal(numbers.Count, Heading().Count(Text));
    }

    [Fact]
    public void Every_link_to_a_decision_leads_to_one()
    {
        var anchors = Decision().Matches(Text).Select(m => m.Groups[1].Value).ToHashSet();
        var links = Directory
            .EnumerateFiles(SourceTree.Root, "*.md", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/artifacts/"))
            .SelectMany(file => Link().Matches(File.ReadAllText(file)))
            .Select(m => m.Groups[1].Value)
            .ToList();
        Assert.NotEmpty(links);
        Assert.DoesNotContain(links, link => !anchors.Contains(link));
    }

    [GeneratedRegex(
        @"<a id=""decision-(\d+)""></a>\n\n### \1\. [^\n]+\n\n\*\d{4}-\d\d · (accepted|superseded)[^\n]*\*\n"
    )]
    private static partial Regex Decision();

    [GeneratedRegex(@"^### \d+\. ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"#decision-(\d+)\)")]
    private static partial Regex Link();
}
