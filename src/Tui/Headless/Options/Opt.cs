using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.Headless.Options;

/// <summary>Creates the options of commands. They use our own parsers, so that messages are uniform
/// and reflection is not needed.</summary>
internal static class Opt
{
    public static Option<bool> Flag(string name, string help, params string[] aliases) =>
        new(name, aliases) { Description = help, Arity = ArgumentArity.Zero };

    /// <summary>A text; null if it is absent.</summary>
    public static Option<string?> Text(
        string name,
        string metavar,
        string help,
        params string[] aliases
    ) =>
        new(name, aliases)
        {
            Description = help,
            HelpName = metavar,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = static result => result.Tokens[0].Value,
        };

    /// <summary>A text that can be given several times.</summary>
    public static Option<string[]> Texts(
        string name,
        string metavar,
        string help,
        params string[] aliases
    ) =>
        new(name, aliases)
        {
            Description = help,
            HelpName = metavar,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = Values,
            DefaultValueFactory = static _ => [],
        };

    /// <summary>A whole number of at least <paramref name="least"/>; null if it is
    /// absent.</summary>
    public static Option<int?> Number(
        string name,
        string metavar,
        string help,
        int least,
        params string[] aliases
    ) =>
        new(name, aliases)
        {
            Description = help,
            HelpName = metavar,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var number = Numbers.Parse(result.Tokens[0].Value, least);
                if (number.Ok)
                    return number.Value;
                result.AddError($"{name}: {number.Error.Message}");
                return null;
            },
        };

    /// <summary>Seconds, with fractions; null if it is absent.</summary>
    public static Option<TimeSpan?> Seconds(string name, string help, params string[] aliases) =>
        new(name, aliases)
        {
            Description = help,
            HelpName = "SECONDS",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (TryReadSeconds(text) is { } span)
                    return span;
                result.AddError($"{name}: '{text}' is not a number of seconds.");
                return null;
            },
        };

    public static TimeSpan? TryReadSeconds(string text) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var seconds
        )
        && seconds <= TimeSpan.FromDays(36500).TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>One of the given words; null if it is absent.</summary>
    public static Option<string?> Choice(
        string name,
        string metavar,
        string help,
        string[] words,
        params string[] aliases
    )
    {
        var option = new Option<string?>(name, aliases)
        {
            Description = help,
            HelpName = metavar,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var word = Choices.Parse(result.Tokens[0].Value, words);
                if (!word.Ok)
                    result.AddError($"{name}: {word.Error.Message}");
                return word.Value;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>A duration with its unit, or plain seconds.</summary>
    public static Option<TimeSpan?> Duration(string name, string help, params string[] aliases) =>
        Of<TimeSpan>(
            name,
            "TIME",
            help,
            static text => Durations.Parse(text, TimeSpan.FromSeconds(1)),
            aliases
        );

    public static Option<long?> Size(string name, string help, params string[] aliases) =>
        Of<long>(name, "SIZE", help, Sizes.Parse, aliases);

    /// <summary>Jobs as a jid list; null if it is absent.</summary>
    public static Option<Selection?> Jobs(string name, string metavar, string help) =>
        new(name)
        {
            Description = help,
            HelpName = metavar,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var jobs = JidNotation.Parse(result.Tokens[0].Value);
                if (!jobs.Ok)
                    result.AddError($"{name}: {jobs.Error.Message}");
                return jobs.Value;
            },
        };

    private static Option<T?> Of<T>(
        string name,
        string metavar,
        string help,
        Func<string, Parsed<T>> read,
        params string[] aliases
    )
        where T : struct =>
        new(name, aliases)
        {
            Description = help,
            HelpName = metavar,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var parsed = read(result.Tokens[0].Value);
                if (parsed.Ok)
                    return parsed.Value;
                result.AddError($"{name}: {parsed.Error.Message}");
                return null;
            },
        };

    private static string[] Values(ArgumentResult result)
    {
        var values = new string[result.Tokens.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = result.Tokens[i].Value;
        return values;
    }
}
