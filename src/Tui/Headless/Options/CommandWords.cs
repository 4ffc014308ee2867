using System.CommandLine;

namespace JobCloud.Tui.Headless.Options;

/// <summary>Finds the command's name, and the start of another command's line, among
/// arguments.</summary>
internal static class CommandWords
{
    /// <summary>The index of the first argument that is neither an option nor the value of one; the
    /// number of arguments if there is none.</summary>
    /// <param name="unknown">The first option that is not in <paramref name="options"/>.</param>
    public static int FirstWord(
        IReadOnlyList<string> args,
        int from,
        IReadOnlyList<Option> options,
        out string? unknown
    )
    {
        unknown = null;
        for (var i = from; i < args.Count; i++)
        {
            var arg = args[i];
            if (arg.Length < 2 || arg[0] != '-')
                return i;
            if (arg == "--")
                return i;
            switch (ValueOf(arg, options))
            {
                case Value.Unknown:
                    unknown = arg;
                    return args.Count;
                case Value.Next:
                    i++;
                    break;
            }
        }
        return args.Count;
    }

    private enum Value
    {
        Unknown,
        Here,
        Next,
    }

    /// <summary>Finds the value of the option <paramref name="arg"/>.</summary>
    private static Value ValueOf(string arg, IReadOnlyList<Option> options)
    {
        var end = arg.IndexOfAny(['=', ':']);
        var name = end < 0 ? arg : arg[..end];
        if (Find(name, options) is { } option)
            return end < 0 && TakesValue(option) ? Value.Next : Value.Here;
        return arg.StartsWith("--", StringComparison.Ordinal)
            ? Value.Unknown
            : ValueOfBundle(arg, options);
    }

    /// <summary>Handles bundles such as <c>-ip3</c>: flags, then at most one option with a
    /// value.</summary>
    private static Value ValueOfBundle(string arg, IReadOnlyList<Option> options)
    {
        for (var i = 1; i < arg.Length; i++)
        {
            if (Find($"-{arg[i]}", options) is not { } option)
                return Value.Unknown;
            if (TakesValue(option))
                return i == arg.Length - 1 ? Value.Next : Value.Here;
        }
        return Value.Here;
    }

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0;

    private static Option? Find(string name, IReadOnlyList<Option> options)
    {
        foreach (var option in options)
            if (option.Name == name || option.Aliases.Contains(name))
                return option;
        return null;
    }
}
