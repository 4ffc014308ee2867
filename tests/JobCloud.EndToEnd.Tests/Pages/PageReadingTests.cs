namespace JobCloud.EndToEnd.Tests.Pages;

/// <summary>Tests how commands and their expected output are read from a page.</summary>
public sealed class PageReadingTests
{
    [Fact]
    public void A_line_is_a_command_that_succeeds() =>
        Assert.Equal([new(2, "true", 0, null), new(3, "a # b", 0, null)], Read("true\na # b"));

    [Fact]
    public void Comments_state_the_expected_exit_code_and_output() =>
        Assert.Equal(
            [
                new(2, "a  # → 1", 0, "1"),
                new(3, "b # exit 3", 3, null),
                new(4, "c # exit 2 → no …", 2, "no …"),
                new(5, "d", 0, "1\n2"),
            ],
            Read("a  # → 1\nb # exit 3\nc # exit 2 → no …\nd\n# → 1\n# → 2\n# a remark")
        );

    [Fact]
    public void A_command_can_span_several_lines()
    {
        Assert.Equal([new(2, "a \\\n  b # → 1", 0, "1")], Read("a \\\n  b # → 1"));
        Assert.Equal([new(2, "a |\n  b &&\nc", 0, null)], Read("a |\n  b &&\nc"));
        Assert.Equal(
            [new(2, "cat > f <<'END'\n# text\nEND", 0, null), new(5, "b", 0, null)],
            Read("cat > f <<'END'\n# text\nEND\nb")
        );
    }

    [Fact]
    public void A_block_is_skipped_if_it_needs_a_program_that_is_not_installed()
    {
        var page = new Page("```sh needs p q\na\n```\n```sh\nb\n```\n```text\nc\n```\n");

        Assert.Equal(["b"], page.Commands(name => name == "p").Select(c => c.Text));
        Assert.Equal(["a", "b"], page.Commands(_ => true).Select(c => c.Text));
    }

    [Fact]
    public async Task A_run_shows_every_command_that_differs_from_its_page()
    {
        await using var cloud = new Cloud();
        var commands = Read("x=1\necho $x # → 1\necho $x$x # → 2\nfalse\n(exit 3) # exit 3");

        var wrong = await new PageRun(cloud).DifferencesAsync(commands);

        Assert.Equal(2, wrong.Count);
        Assert.StartsWith("line 4: echo $x$x # → 2\n  prints\n11", wrong[0]);
        Assert.StartsWith("line 5: false\n  exit 1", wrong[1]);
    }

    private static IReadOnlyList<PageCommand> Read(string block) =>
        new Page($"```sh\n{block}\n```\n").Commands(_ => true);
}
