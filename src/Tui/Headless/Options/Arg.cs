using System.CommandLine;
using System.CommandLine.Parsing;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Headless.Options;

/// <summary>Creates the arguments of commands.</summary>
internal static class Arg
{
    /// <summary>Means jids on stdin.</summary>
    private const string Stdin = "-";

    /// <summary>JIDS as a jid list; several arguments form one list. A selection without items
    /// means jids on stdin, and null means no argument.</summary>
    public static Argument<Selection?> Jids(bool required = true) =>
        new("JIDS")
        {
            Description =
                "jobs: 3, 3,7,9, 10-19, all, unfinished, last, failed, label:TEXT, "
                + "status:STATUS, map:JID, or - for jids on stdin",
            Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
            CustomParser = ReadJids,
        };

    /// <summary>One job: a jid, or a jid list that selects exactly one.</summary>
    public static Argument<Selection?> Jid() =>
        new("JID")
        {
            Description = "the job: its jid, last, or another selection of one job",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = ReadOneJob,
        };

    public static Argument<string> Text(string name, string help) =>
        new(name)
        {
            Description = help,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = static result => result.Tokens[0].Value,
        };

    /// <summary>A text; null if it is absent.</summary>
    public static Argument<string?> OptionalText(string name, string help) =>
        new(name)
        {
            Description = help,
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = static result =>
                result.Tokens.Count == 0 ? null : result.Tokens[0].Value,
            DefaultValueFactory = static _ => null,
        };

    public static Argument<string[]> Words(string name, string help, bool required) =>
        new(name)
        {
            Description = help,
            Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
            CustomParser = Values,
            DefaultValueFactory = static _ => [],
        };

    private static Selection? ReadJids(ArgumentResult result)
    {
        if (result.Tokens.Count == 0)
            return null;
        var text = string.Join(',', Values(result));
        if (text == Stdin)
            return new Selection();
        var parsed = Protocol.Notation.JidNotation.Parse(text);
        if (!parsed.Ok)
            result.AddError(parsed.Error.Message);
        return parsed.Value;
    }

    private static Selection? ReadOneJob(ArgumentResult result)
    {
        var jobs = ReadJids(result);
        if (jobs is { Items.Count: > 1 } || jobs?.Items is [{ Range: var r }] && r?.First < r?.Last)
            result.AddError($"'{result.Tokens[0].Value}' selects several jobs; name one.");
        return jobs;
    }

    private static string[] Values(ArgumentResult result)
    {
        var values = new string[result.Tokens.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = result.Tokens[i].Value;
        return values;
    }
}
