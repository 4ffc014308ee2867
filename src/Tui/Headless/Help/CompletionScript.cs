using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;

namespace JobCloud.Tui.Headless.Help;

/// <summary>Generates completion scripts from the commands and their options.</summary>
internal sealed class CompletionScript(IReadOnlyList<CommandEntry> all)
{
    /// <summary>The script for a shell; null if the shell is not bash, zsh or fish.</summary>
    public string? For(string shell) =>
        shell switch
        {
            "bash" => Bash(),
            "zsh" => Zsh(),
            "fish" => Fish(),
            _ => null,
        };

    private string Bash()
    {
        var script = new StringBuilder("_jobcloud() {\n");
        script.Append($"    local word words={Quote(TopWords())}\n");
        script.Append("    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n");
        script.Append("        case $word in\n");
        foreach (var command in Commands())
            script.Append(
                $"            {command.Name}) words={Quote(WordsOf(command))}; break ;;\n"
            );
        script.Append("        esac\n    done\n");
        script.Append(
            "    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
        );
        return script.Append("}\ncomplete -o default -F _jobcloud jobcloud\n").ToString();
    }

    private string Zsh()
    {
        var script = new StringBuilder("#compdef jobcloud\n_jobcloud() {\n");
        script.Append("    local word\n    local -a commands\n    commands=(\n");
        foreach (var entry in all)
            script.Append($"        {Quote($"{entry.Name}:{entry.Summary}")}\n");
        script.Append("    )\n");
        script.Append("    for word in ${words[2,CURRENT-1]}; do\n        case $word in\n");
        foreach (var command in Commands())
        {
            script.Append(
                $"            {command.Name}) compadd -- {WordsOf(command)}; _files; return ;;\n"
            );
        }
        script.Append("        esac\n    done\n");
        script.Append("    _describe command commands\n");
        script.Append($"    compadd -- {OptionWords(new GlobalOptions().All)}\n");
        return script.Append("}\ncompdef _jobcloud jobcloud\n").ToString();
    }

    private string Fish()
    {
        var script = new StringBuilder();
        foreach (var entry in all)
        {
            script.Append(
                $"complete -c jobcloud -n __fish_use_subcommand -f -a {entry.Name} -d {FishQuote(entry.Summary)}\n"
            );
        }
        foreach (var option in new GlobalOptions().All)
            script.Append($"complete -c jobcloud{FishOption(option)}\n");
        foreach (var command in Commands())
        {
            var when = $"-n '__fish_seen_subcommand_from {command.Name}'";
            foreach (var child in command.Subcommands)
            {
                script.Append(
                    $"complete -c jobcloud {when} -f -a {child.Name} -d {FishQuote(child.Description)}\n"
                );
            }
            foreach (var option in AllOptions(command))
                script.Append($"complete -c jobcloud {when}{FishOption(option)}\n");
        }
        return script.ToString();
    }

    private IEnumerable<CloudCommand> Commands() => all.Select(static entry => entry.Create());

    private string TopWords() =>
        string.Join(' ', all.Select(static entry => entry.Name))
        + " "
        + OptionWords(new GlobalOptions().All);

    private static string WordsOf(CloudCommand command)
    {
        var words = command.Subcommands.Select(static child => child.Name);
        var values = command.Arguments.SelectMany(static argument =>
            argument.GetCompletions(CompletionContext.Empty).Select(static item => item.Label)
        );
        return string.Join(' ', [.. words, .. values, OptionWords(AllOptions(command))]).Trim();
    }

    private static IEnumerable<Option> AllOptions(CloudCommand command) =>
        command.Options.Concat(command.Subcommands.SelectMany(static child => child.Options));

    private static string OptionWords(IEnumerable<Option> options) =>
        string.Join(' ', options.SelectMany(static option => option.Aliases.Prepend(option.Name)));

    private static string FishOption(Option option)
    {
        var text = new StringBuilder();
        foreach (var name in option.Aliases.Prepend(option.Name))
            text.Append(name.Length == 2 ? $" -s {name[1..]}" : $" -l {name[2..]}");
        if (option is not Option<bool>)
            text.Append(" -r");
        return text.Append($" -d {FishQuote(option.Description)}").ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''")}'";

    private static string FishQuote(string? text) =>
        $"'{(text ?? "").Replace("\\", "\\\\").Replace("'", "\\'")}'";
}
