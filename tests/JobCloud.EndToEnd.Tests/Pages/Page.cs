using System.Globalization;
using System.Text.RegularExpressions;

namespace JobCloud.EndToEnd.Tests.Pages;

/// <summary>
/// A page of the documentation, split into its fenced blocks. In a block of <c>sh</c>, every line
/// starts a command, unless the line before ends with <c>\</c>, <c>|</c>, <c>&amp;&amp;</c> or
/// <c>||</c>, or a here-document is open. A comment after a command may claim <c># → its
/// output</c>, <c># exit 3</c>, or <c># exit 3 → its output and its messages</c>. Comment lines
/// that start with an arrow add lines to the output; <c>…</c> stands for any text.
/// </summary>
internal sealed partial class Page
{
    private readonly List<PageBlock> _blocks = [];

    public Page(string text)
    {
        PageBlock? open = null;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                open?.Lines.Add(line);
                continue;
            }
            if (open is null)
                _blocks.Add(open = new PageBlock(number, line[3..].Trim()));
            else
                open = null;
        }
    }

    public IReadOnlyList<PageBlock> Blocks => _blocks;

    /// <summary>The commands of the blocks of <c>sh</c>, without those that need a program that
    /// is not installed.</summary>
    public IReadOnlyList<PageCommand> Commands(Func<string, bool> isInstalled) =>
        [
            .. _blocks
                .Where(block => block.Language == "sh" && block.Needs.All(isInstalled))
                .SelectMany(CommandsOf),
        ];

    private static IEnumerable<PageCommand> CommandsOf(PageBlock block)
    {
        var commands = new List<PageCommand>();
        var lines = new List<string>();
        string? hereEnd = null;
        for (var i = 0; i < block.Lines.Count; i++)
        {
            var line = block.Lines[i];
            if (lines.Count == 0 && line.TrimStart() is "" or ['#', ..])
            {
                if (line.StartsWith("# → ", StringComparison.Ordinal))
                    commands[^1] = WithMore(commands[^1], line[4..]);
                continue;
            }
            lines.Add(line);
            hereEnd = hereEnd is null ? HereEnd(line) : (line == hereEnd ? null : hereEnd);
            if (hereEnd is not null || IsContinued(line))
                continue;
            commands.Add(Claimed(block.Line + 1 + i - (lines.Count - 1), lines));
            lines.Clear();
        }
        Assert.Empty(lines);
        return commands;
    }

    private static PageCommand Claimed(int number, List<string> lines)
    {
        var claim = Claim().Match(lines[^1]);
        var exit = claim.Groups["exit"];
        var output = claim.Groups["output"];
        return new PageCommand(
            number,
            string.Join('\n', lines),
            exit.Success ? int.Parse(exit.Value, CultureInfo.InvariantCulture) : 0,
            output.Success ? output.Value : null
        );
    }

    private static PageCommand WithMore(PageCommand command, string line) =>
        command with
        {
            Output = command.Output is null ? line : $"{command.Output}\n{line}",
        };

    private static string? HereEnd(string line) =>
        HereStart().Match(line) is { Success: true } start ? start.Groups[1].Value : null;

    private static bool IsContinued(string line) =>
        line.EndsWith('\\') || line.EndsWith('|') || line.EndsWith("&&", StringComparison.Ordinal);

    [GeneratedRegex("<<'?([A-Z]+)'?")]
    private static partial Regex HereStart();

    [GeneratedRegex(@"\s# (exit (?<exit>\d+))?\s*(→ (?<output>.*))?$")]
    private static partial Regex Claim();
}

/// <summary>A fenced block.</summary>
/// <param name="Line">The number of the line of its fence.</param>
/// <param name="Tag">What follows the fence: a language and, maybe, <c>needs PROGRAM…</c>.</param>
internal sealed record PageBlock(int Line, string Tag)
{
    public List<string> Lines { get; } = [];

    public string Language => Tag.Split(' ')[0];

    public IEnumerable<string> Needs => Tag.Split(' ') is [_, "needs", .. var names] ? names : [];
}
