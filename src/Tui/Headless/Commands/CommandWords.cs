using System.CommandLine;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Finds words among arguments: the command's name, and where another command's line begins.</summary>
internal static class CommandWords
{
    /// <summary>
    /// The index of the first argument that is neither an option nor an option's value; the number of
    /// arguments where there is none.
    /// </summary>
    /// <param name="unknown">An option on the way that is none of <paramref name="options"/>.</param>
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

    /// <summary>Whether the value of the option <paramref name="arg"/> is the next argument.</summary>
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

    /// <summary>As in <c>-ip3</c>: flags, and at most one option with a value, the last.</summary>
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

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option is not Option<bool>;

    private static Option? Find(string name, IReadOnlyList<Option> options)
    {
        foreach (var option in options)
            if (option.Name == name || option.Aliases.Contains(name))
                return option;
        return null;
    }

    /// <summary>The name nearest to what was typed, if any is near.</summary>
    public static string? Nearest(string typed, IEnumerable<string> names)
    {
        string? nearest = null;
        var least = Math.Max(2, typed.Length / 3) + 1;
        foreach (var name in names)
        {
            var distance = Distance(typed, name);
            if (distance < least)
                (nearest, least) = (name, distance);
        }
        return nearest;
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
