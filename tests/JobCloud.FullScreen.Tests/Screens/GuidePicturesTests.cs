using System.Text.RegularExpressions;
using JobCloud.Testing;

namespace JobCloud.FullScreen.Tests.Screens;

/// <summary>The pictures of the users' guide: the golden files of the screens, without blank
/// lines.</summary>
public sealed partial class GuidePicturesTests
{
    private const string Guide = "docs/full-screen.md";

    [Fact]
    [Trait("Category", "Reference")]
    public void A_picture_of_the_guide_is_a_golden_file()
    {
        var text = File.ReadAllText(SourceTree.PathOf(Guide));
        Assert.Equal(text.Split("```text").Length - 1, Pictures().Count(text));
        GeneratedPage.Holds(
            Guide,
            Pictures()
                .Replace(text, picture => $"{picture.Groups[1]}{Lines(picture.Groups[2].Value)}```")
        );
    }

    private static string Lines(string name)
    {
        var path = $"tests/JobCloud.FullScreen.Tests/Screens/{name}.txt";
        return string.Concat(
            File.ReadLines(SourceTree.PathOf(path))
                .Where(line => line.Trim().Length > 0)
                .Select(line => line.TrimEnd() + "\n")
        );
    }

    [GeneratedRegex("(<!-- golden: (.+) -->\n```text\n)[^`]*```")]
    private static partial Regex Pictures();
}
