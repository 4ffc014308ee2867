using System.CommandLine;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Options whose values are in a language of ours.</summary>
internal static class Values
{
    /// <summary>A length of time with its unit, or bare seconds.</summary>
    public static Option<TimeSpan?> Duration(string name, string help, params string[] aliases) =>
        Duration(name, help, TimeSpan.FromSeconds(1), aliases);

    /// <param name="bare">The unit of a number without one.</param>
    public static Option<TimeSpan?> Duration(
        string name,
        string help,
        TimeSpan bare,
        params string[] aliases
    ) => Of<TimeSpan>(name, "TIME", help, text => Durations.Parse(text, bare), aliases);

    public static Option<long?> Size(string name, string help, params string[] aliases) =>
        Of<long>(name, "SIZE", help, Sizes.Parse, aliases);

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
}
