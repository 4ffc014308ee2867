using System.CommandLine;
using System.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;

namespace JobCloud.Tui.Headless.Help;

/// <summary>Writes help from the commands and their options.</summary>
internal static class HelpText
{
    private const int Width = 100;

    /// <summary>The help of one command.</summary>
    public static void Write(CloudCommand command, Stream output)
    {
        using var writer = WriterTo(output);
        WriteOne(writer, command);
    }

    /// <summary>The help of the program.</summary>
    public static void Write(
        IReadOnlyList<CommandEntry> all,
        IReadOnlyList<CommandAlias> aliases,
        Stream output
    )
    {
        using var writer = WriterTo(output);
        WriteAll(writer, all, aliases);
    }

    private static StreamWriter WriterTo(Stream output) =>
        new(output, new UTF8Encoding(false), leaveOpen: true);

    /// <summary>Breaks a paragraph into lines of at most <see cref="Width"/> columns.</summary>
    public static string Wrap(string paragraph)
    {
        var text = new StringBuilder();
        var column = 0;
        foreach (var word in paragraph.Split(' '))
        {
            var fits = column + 1 + word.Length <= Width;
            if (text.Length > 0)
                text.Append(fits ? ' ' : '\n');
            column = (fits ? column + 1 : 0) + word.Length;
            text.Append(word);
        }
        return text.ToString();
    }

    private static void WriteAll(
        TextWriter writer,
        IReadOnlyList<CommandEntry> all,
        IReadOnlyList<CommandAlias> aliases
    )
    {
        writer.WriteLine("JobCloud runs commands as jobs.");
        writer.WriteLine();
        writer.WriteLine("Usage: jobcloud [global options] COMMAND [options] [arguments]");
        var width = all.Max(static entry => entry.Name.Length);
        foreach (var group in all.GroupBy(static entry => entry.Group))
            Section(
                writer,
                $"{group.Key}",
                group.Select(entry => (entry.Name.PadRight(width), entry.Summary))
            );
        Section(
            writer,
            "Aliases",
            aliases.Select(alias => (alias.Name.PadRight(width), string.Join(' ', alias.Words)))
        );
        Section(writer, "Global options", Options(new GlobalOptions().All));
        writer.WriteLine();
        writer.WriteLine(
            "Exit codes: 0 success, 1 unexpected failure, 2 usage error, 3 failed job, refused"
        );
        writer.WriteLine("request or timeout.");
        Section(
            writer,
            "Examples",
            [
                ("jobcloud exec echo hello", "submits a job and prints its jid, such as 1"),
                ("jobcloud result 1", "waits for job 1 and prints its output"),
                ("jobcloud mapexec -n f=a,b,c gzip {f}", "submits one job for each value"),
                ("jobcloud ls", "lists the newest jobs"),
            ]
        );
    }

    private static void WriteOne(TextWriter writer, CloudCommand command)
    {
        writer.WriteLine($"Usage: {Usage(command)}");
        writer.WriteLine();
        writer.WriteLine(command.Description);
        Section(
            writer,
            "Arguments",
            command.Arguments.Select(static argument => (argument.Name, argument.Description ?? ""))
        );
        Section(
            writer,
            "Commands",
            command.Subcommands.Select(static child =>
                ($"{child.Name}{ArgumentsOf(child)}", child.Description ?? "")
            )
        );
        Section(writer, "Options", Options([.. command.Options]));
        foreach (var child in command.Subcommands)
            if (child.Options.Count > 0)
                Section(writer, $"Options of '{child.Name}'", Options([.. child.Options]));
        if (command.Details.Length > 0)
        {
            writer.WriteLine();
            writer.WriteLine(command.Details);
        }
        if (command.Examples.Length > 0)
        {
            writer.WriteLine();
            writer.WriteLine("Examples:");
            foreach (var example in command.Examples)
                writer.WriteLine($"  {example}");
        }
        writer.WriteLine();
        writer.WriteLine("'jobcloud help' shows the global options.");
    }

    private static string Usage(CloudCommand command)
    {
        var line = new StringBuilder($"jobcloud {command.FullName}");
        if (command.Options.Count > 0)
            line.Append(" [options]");
        if (command.Subcommands.Count > 0)
            line.Append($" [{string.Join('|', command.Subcommands.Select(static c => c.Name))}]");
        return line.Append(ArgumentsOf(command)).ToString();
    }

    private static string ArgumentsOf(Command command)
    {
        var line = new StringBuilder();
        foreach (var argument in command.Arguments)
        {
            var isRepeated =
                argument.Arity.MaximumNumberOfValues > 1
                && !argument.Name.StartsWith("JIDS", StringComparison.Ordinal);
            var many = isRepeated ? "…" : "";
            line.Append(
                argument.Arity.MinimumNumberOfValues == 0
                    ? $" [{argument.Name}{many}]"
                    : $" {argument.Name}{many}"
            );
        }
        return line.ToString();
    }

    private static IEnumerable<(string, string)> Options(IReadOnlyList<Option> options)
    {
        foreach (var option in options)
        {
            var names = new List<string>(option.Aliases.Where(static alias => alias.Length == 2));
            names.Add(option.Name);
            names.AddRange(option.Aliases.Where(static alias => alias.Length > 2));
            var metavar = option.HelpName is { } name ? $" {name}" : "";
            var indent = names[0].Length == 2 ? "" : "    ";
            yield return ($"{indent}{string.Join(", ", names)}{metavar}", option.Description ?? "");
        }
    }

    private static void Section(
        TextWriter writer,
        string title,
        IEnumerable<(string Name, string Text)> rows
    )
    {
        var list = rows.ToList();
        if (list.Count == 0)
            return;
        writer.WriteLine();
        writer.WriteLine($"{title}:");
        var width = list.Max(static row => row.Name.Length);
        foreach (var (name, text) in list)
            writer.WriteLine($"  {name.PadRight(width)}  {text}".TrimEnd());
    }
}
