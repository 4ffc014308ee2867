using System.CommandLine;
using System.CommandLine.Parsing;
using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Commands;
using JobCloud.Tui.Headless.Help;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless;

/// <summary>Runs one command line and returns its exit code.</summary>
internal static class Application
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandProcess terminal)
    {
        var code = await TryDispatchAsync(args, terminal);
        return code == CommandExitCodes.Success && terminal.HasLostErrors
            ? CommandExitCodes.Unexpected
            : code;
    }

    /// <summary>Runs the option <c>--version</c> alone, which needs no parser.</summary>
    public static int WriteVersion(CommandProcess terminal)
    {
        try
        {
            CommandProcess.WriteVersion(terminal.Output);
            return CommandExitCodes.Success;
        }
        catch (OutputException failure)
        {
            return Fail(CommandErrors.Unwritable(failure, ""), OutputFormat.Default, terminal);
        }
        catch (BrokenPipeException)
        {
            return CommandExitCodes.Unexpected;
        }
    }

    private static async Task<int> TryDispatchAsync(
        IReadOnlyList<string> args,
        CommandProcess terminal
    )
    {
        try
        {
            return await DispatchAsync(args, terminal);
        }
        catch (BrokenPipeException)
        {
            // The reader has enough, as head(1) does.
            return CommandExitCodes.Unexpected;
        }
        catch (OutputException failure)
        {
            return Fail(CommandErrors.Unwritable(failure, ""), OutputFormat.Default, terminal);
        }
        catch (IOException failure)
        {
            return Fail(CommandErrors.Unexpected(failure), OutputFormat.Default, terminal);
        }
    }

    private static async Task<int> DispatchAsync(
        IReadOnlyList<string> args,
        CommandProcess terminal
    )
    {
        var globals = new GlobalOptions();
        var at = CommandWords.FirstWord(args, 0, globals.All, out var unknown);
        args = CommandCatalog.WithoutAlias(args, at);
        var name = at < args.Count ? args[at] : null;
        var entry = name is null ? null : CommandCatalog.Find(name);
        var command = entry?.Create();
        var line = SeparateCommandLine(args, at, command, globals, ref unknown);
        var parsed = Parse(line, command, globals);
        var invoked = parsed.CommandResult.Command as CloudCommand;
        var format = FormatOf(parsed, globals, invoked);

        if (parsed.GetValue(globals.Version))
        {
            CommandProcess.WriteVersion(terminal.Output);
            return CommandExitCodes.Success;
        }
        if (ArgumentText.FirstReplaced(args, terminal.CommandLine) is { } replaced)
            return Fail(CommandError.Usage(NotText(replaced)), format, terminal);
        if (unknown is not null)
            return Fail(Usage(UnknownOption(unknown, command, globals), command), format, terminal);
        if (name is not null && command is null)
            return Fail(UnknownCommand(name), format, terminal);
        if (command is null && !parsed.GetValue(globals.Help))
            return NoCommand(parsed, globals, terminal);

        if (parsed.GetValue(globals.Help))
        {
            WriteHelp(invoked, terminal);
            return CommandExitCodes.Success;
        }
        if (FirstError(parsed, args, globals) is { } error)
            return Fail(Usage(error, invoked), format, terminal);
        return await RunAsync(invoked!, parsed, globals, terminal);
    }

    private static string NotText(string argument) =>
        $"The argument '{argument}' is not UTF-8 text; rename the file that it names. A shell line can write its bytes as $'\\xE9'.";

    private static async Task<int> RunAsync(
        CloudCommand command,
        ParseResult parsed,
        GlobalOptions globals,
        CommandProcess terminal
    )
    {
        var settings = ClientSettings.Read(parsed, globals, terminal);
        if (command.FormatIn(parsed) is { } format)
            settings = settings with { Output = settings.Output with { Value = format } };
        Report failed;
        Report? report = null;
        try
        {
            var call = new Invocation(terminal, parsed, settings);
            var running = command.RunAsync(call);
            report =
                await Task.WhenAny(running, call.Interrupted) == running
                    ? await running
                    : await call.Interrupted;
            return ReportWriter.Write(report, settings.Format, terminal);
        }
        catch (RpcException failure)
        {
            failed = CommandError.Of(CallErrors.Of(failure, settings.Endpoint(terminal)));
        }
        catch (CommandErrorException failure)
        {
            failed = failure.Error;
        }
        catch (ClientErrorException failure)
        {
            failed = CommandError.Of(failure.Error);
        }
        catch (OutputException failure)
        {
            var done = report is Report.Values { Done: { } sentence } ? $" {sentence}" : "";
            failed = CommandErrors.Unwritable(failure, done);
        }
        catch (Exception failure) when (failure is not BrokenPipeException)
        {
            failed = CommandErrors.Unexpected(failure);
        }
        return ReportWriter.Write(failed, settings.Format, terminal);
    }

    /// <summary>Inserts <c>--</c> before the first word of the command to run.</summary>
    private static IReadOnlyList<string> SeparateCommandLine(
        IReadOnlyList<string> args,
        int at,
        CloudCommand? command,
        GlobalOptions globals,
        ref string? unknown
    )
    {
        if (command is not { TakesCommandLine: true })
            return args;
        var first = CommandWords.FirstWord(
            args,
            at + 1,
            [.. command.Options, .. globals.All],
            out unknown
        );
        if (first >= args.Count || args[first] == "--")
            return args;
        var line = new List<string>(args);
        line.Insert(first, "--");
        return line;
    }

    private static ParseResult Parse(
        IReadOnlyList<string> line,
        CloudCommand? command,
        GlobalOptions globals
    )
    {
        var root = new Command("jobcloud");
        foreach (var option in globals.All)
            root.Add(option);
        if (command is not null)
            root.Add(command);
        return CommandLineParser.Parse(
            root,
            line,
            new ParserConfiguration { ResponseFileTokenReplacer = null }
        );
    }

    /// <summary>The requested output format, even if the rest of the line is malformed.</summary>
    private static OutputFormat FormatOf(
        ParseResult parsed,
        GlobalOptions globals,
        CloudCommand? command
    ) =>
        OutputFormats.Of(
            command?.FormatIn(parsed)
                ?? (parsed.GetResult(globals.Output) is { Tokens: [var word] } ? word.Value : null)
        );

    /// <summary>The first error in the arguments; null if there is none.</summary>
    private static string? FirstError(
        ParseResult parsed,
        IReadOnlyList<string> args,
        GlobalOptions globals
    )
    {
        var command = parsed.CommandResult.Command;
        if (UnknownOption(parsed, args) is { } option)
            return UnknownOption(option, command, globals);
        if (MissingValue(parsed) is { } missing)
            return missing;
        if (parsed.UnmatchedTokens is [var word, ..])
            return UnexpectedWord(word, command);
        return parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null;
    }

    private static string UnknownOption(string option, Command? command, GlobalOptions globals)
    {
        var end = option.IndexOf('=');
        var typed = end < 0 ? option : option[..end];
        var names = globals
            .All.Concat(command?.Options ?? [])
            .SelectMany(static known => known.Aliases.Prepend(known.Name))
            .Where(static name => name.Length > 2);
        return Suggestions.Nearest(typed, names) is { } nearest
            ? $"Unknown option {typed}; did you mean {nearest}?"
            : $"Unknown option {typed}.";
    }

    private static string UnexpectedWord(string word, Command command)
    {
        var children = command.Subcommands.Select(static child => child.Name).ToList();
        return children.Count == 0
            ? $"Unexpected argument '{word}'."
            : $"Unknown subcommand '{word}': {Suggestions.Hint(word, children)}";
    }

    /// <summary>A message about the first missing argument or option value.</summary>
    private static string? MissingValue(ParseResult parsed)
    {
        foreach (var child in parsed.CommandResult.Children)
        {
            switch (child)
            {
                case OptionResult { Tokens.Count: 0, Implicit: false } option
                    when option.Option.Arity.MinimumNumberOfValues > 0:
                    return $"{option.IdentifierToken?.Value} requires a value: {option.Option.HelpName}.";
                case ArgumentResult { Tokens.Count: 0 } argument
                    when argument.Argument.Arity.MinimumNumberOfValues > 0:
                    return $"Missing argument {argument.Argument.Name}.";
            }
        }
        return null;
    }

    /// <summary>An argument that looks like an option but was parsed as a value.</summary>
    private static string? UnknownOption(ParseResult parsed, IReadOnlyList<string> args)
    {
        if (
            args.Contains("--")
            || parsed.CommandResult.Command is CloudCommand { TakesCommandLine: true }
        )
            return null;
        foreach (var token in parsed.CommandResult.Tokens)
            if (token.Type == TokenType.Argument && LooksLikeOption(token.Value))
                return token.Value;
        foreach (var token in parsed.UnmatchedTokens)
            if (LooksLikeOption(token))
                return token;
        return null;
    }

    /// <summary>A negative number is none.</summary>
    private static bool LooksLikeOption(string text) =>
        text.Length > 1 && text[0] == '-' && !char.IsAsciiDigit(text[1]);

    private static int NoCommand(ParseResult parsed, GlobalOptions globals, CommandProcess terminal)
    {
        if (parsed.Errors.Count > 0)
        {
            var message = MissingValue(parsed) ?? parsed.Errors[0].Message;
            return Fail(Usage(message, null), FormatOf(parsed, globals, null), terminal);
        }
        if (terminal.OutputIsTerminal && terminal.InputIsTerminal)
            TopCommand.TryOpen(ClientSettings.Read(parsed, globals, terminal), terminal, []);
        WriteHelp(null, terminal);
        return CommandExitCodes.Unexpected;
    }

    private static void WriteHelp(CloudCommand? command, CommandProcess terminal)
    {
        if (command is null)
            HelpText.Write(CommandCatalog.All, CommandCatalog.Aliases, terminal.Output);
        else
            HelpText.Write(command, terminal.Output);
    }

    private static CommandError UnknownCommand(string name)
    {
        var nearest = Suggestions.Nearest(name, CommandCatalog.Names);
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return Usage($"Unknown command '{name}'.{hint}", null);
    }

    private static CommandError Usage(string message, CloudCommand? command) =>
        command?.UsageError(message) ?? CommandError.Usage($"{message} See 'jobcloud help'.");

    private static int Fail(CommandError error, OutputFormat format, CommandProcess terminal) =>
        ReportWriter.Write(error, format, terminal);
}
