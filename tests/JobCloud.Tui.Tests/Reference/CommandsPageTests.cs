using System.Text;
using JobCloud.Testing;
using JobCloud.Tui.Headless.Commands;
using JobCloud.Tui.Headless.Help;
using JobCloud.Tui.Headless.Invocations;

namespace JobCloud.Tui.Tests.Reference;

/// <summary>The reference page of the commands is their help.</summary>
public sealed class CommandsPageTests
{
    [Fact, Trait("Category", "Reference")]
    public void The_page_of_the_commands_is_their_help()
    {
        var page = new StringBuilder();
        page.Append("# Commands\n\n");
        page.Append("Generated from the command catalogue: what `jobcloud help` prints.\n\n");
        page.Append(
            "TIME is `300ms`, `90s`, `5m`, `1h30m` or `2d`; without a unit it is seconds, "
        );
        page.Append("and minutes for `--max-runtime`. SECONDS is a number without a unit.\n\n");
        var links = CommandCatalog.All.Select(entry => $"[{entry.Name}](#{entry.Name})");
        page.Append(string.Join(" · ", links)).Append("\n\n");
        page.Append("```text\n").Append(HelpOf(null)).Append("```\n");
        foreach (var entry in CommandCatalog.All)
        {
            page.Append($"\n## {entry.Name}\n\n");
            page.Append("```text\n").Append(HelpOf(entry.Create())).Append("```\n");
        }

        GeneratedPage.Holds("docs/reference/commands.md", page.ToString());
    }

    private static string HelpOf(CloudCommand? command)
    {
        using var output = new MemoryStream();
        if (command is null)
            HelpText.Write(CommandCatalog.All, CommandCatalog.Aliases, output);
        else
            HelpText.Write(command, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
