using System.CommandLine;
using System.CommandLine.Completions;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;

namespace JobCloud.Tui.Headless.Help;

/// <summary>Completes command lines from the catalogue of commands.</summary>
/// <param name="names">The names of commands and aliases.</param>
/// <param name="withoutAlias">Replaces the alias at an index.</param>
/// <param name="find">Finds a command.</param>
internal sealed class Completions(
    IReadOnlyList<string> names,
    Func<IReadOnlyList<string>, int, IReadOnlyList<string>> withoutAlias,
    Func<string, CommandEntry?> find
)
{
    private readonly GlobalOptions _globals = new();

    /// <param name="line">The words after <c>jobcloud</c>; the last one, which may be empty, is
    /// completed.</param>
    public WordCompletion Of(IReadOnlyList<string> line)
    {
        var (word, before) = (line[^1], line.Take(line.Count - 1).ToList());
        var at = CommandWords.FirstWord(before, 0, _globals.All, out _);
        if (at >= before.Count)
            return OfOption(before, 0, word, _globals.All)
                ?? (IsOption(word) ? Options(_globals.All) : new WordCompletion(names));
        before = [.. withoutAlias(before, at)];
        return find(before[at]) is { } entry
            ? Of(entry.Create(), before, at + 1, word)
            : WordCompletion.Nothing;
    }

    private WordCompletion Of(CloudCommand command, List<string> before, int at, string word)
    {
        var options = command.Options.Concat(_globals.All).ToList();
        var first = CommandWords.FirstWord(before, at, options, out _);
        if (command.TakesCommandLine && first < before.Count)
            return before[^1] == "--" && first == before.Count - 1
                ? new WordCompletion([], CompletionSource.Programs)
                : new WordCompletion([], CompletionSource.Files);
        if (
            first < before.Count
            && command.Subcommands.FirstOrDefault(c => c.Name == before[first])
                is CloudCommand child
        )
            return Of(child, before, first + 1, word);
        if (OfOption(before, at, word, options) is { } value)
            return value;
        if (IsOption(word))
            return Options(options);
        var given = 0;
        for (var i = first; i < before.Count; given++)
            i = CommandWords.FirstWord(before, i + 1, options, out _);
        return Positional(command, given, word);
    }

    private WordCompletion Positional(CloudCommand command, int given, string word)
    {
        if (given == 0 && command.Subcommands.Count > 0)
            return new WordCompletion([.. command.Subcommands.Select(static child => child.Name)]);
        if (command.Arguments.Count == 0)
            return WordCompletion.Nothing;
        var argument = command.Arguments[Math.Min(given, command.Arguments.Count - 1)];
        if (
            given >= command.Arguments.Count
            && argument.Arity.MaximumNumberOfValues <= given - command.Arguments.Count + 1
        )
            return WordCompletion.Nothing;
        return argument.Name == "COMMAND" && !command.TakesCommandLine
            ? new WordCompletion(names)
            : ValueOf(argument, argument.Name, command.FullName, word);
    }

    /// <summary>Completes the value of the option before the word, or in the word; null: there is
    /// none.</summary>
    private static WordCompletion? OfOption(
        List<string> before,
        int at,
        string word,
        IReadOnlyList<Option> options
    )
    {
        var equals = IsOption(word) ? word.IndexOf('=') : -1;
        if (equals > 0 && Find(word[..equals], options) is { } inside)
        {
            var value = ValueOf(inside, inside.HelpName ?? "", inside.Name, word[(equals + 1)..]);
            return value with { Head = word[..(equals + 1)] + value.Head };
        }
        // The option takes the word only if no word before it was a value.
        return
            before.Count > at
            && Find(before[^1], options) is { Arity.MaximumNumberOfValues: > 0 } option
            && CommandWords.FirstWord([.. before, "x"], at, options, out _) != before.Count
            ? ValueOf(option, option.HelpName ?? "", option.Name, word)
            : null;
    }

    private static WordCompletion ValueOf(Symbol symbol, string name, string owner, string word)
    {
        var words = symbol
            .GetCompletions(CompletionContext.Empty)
            .Select(static item => item.Label)
            .ToList();
        var list = name is "ITEMS" or "STATUS" or "FIELDS" or "JIDS" ? word.LastIndexOf(',') : -1;
        var source = name switch
        {
            "JID" or "JIDS" or "JIDS N" or "QUERY" => CompletionSource.Jobs,
            "NODE" => CompletionSource.Nodes,
            "FILE" or "DIR" or "DIRECTORY" or "PATH" => CompletionSource.Files,
            "COMMAND" => CompletionSource.Programs,
            _ => owner switch
            {
                "--label" => CompletionSource.Labels,
                "--env" or "env show" or "env delete" or "env edit" =>
                    CompletionSource.Environments,
                "--vol" or "volume show" or "volume delete" or "volume edit" =>
                    CompletionSource.Volumes,
                "--cwd" => CompletionSource.Files,
                _ => CompletionSource.None,
            },
        };
        return new WordCompletion(words, source, word[..(list + 1)]);
    }

    private static WordCompletion Options(IReadOnlyList<Option> options) =>
        new([.. options.SelectMany(static option => option.Aliases.Prepend(option.Name))]);

    private static Option? Find(string name, IReadOnlyList<Option> options) =>
        options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    private static bool IsOption(string word) => word.StartsWith('-');
}
