using System.Buffers;
using System.Text;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Notation;

/// <summary>
/// The command of a job with parameters. Values go into the words of an argv as they are. In a
/// shell line they are quoted for their place: a value that is not a plain word stays in the
/// environment variable <c>JOBCLOUD_PARAM_name</c>, and the line refers to it, so no shell ever
/// parses a value. <c>{name!}</c> inserts the value as it is.
/// </summary>
public sealed class CommandTemplate
{
    // Plain in every place of a shell line, here-documents and arithmetic included.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+"
    );

    private static readonly string[] PosixShells =
    [
        "sh",
        "bash",
        "dash",
        "ash",
        "ksh",
        "ksh93",
        "mksh",
        "zsh",
    ];

    // One for a shell line, one for each word of an argv.
    private readonly Template[] _texts;
    private readonly bool _isArgv;

    // The quoting of each slot of a shell line; null: values are inserted as they are.
    private readonly ShellQuoting[]? _quoting;

    private CommandTemplate(Template[] texts, bool isArgv, ShellQuoting[]? quoting)
    {
        (_texts, _isArgv, _quoting) = (texts, isArgv, quoting);
        Parameters = [.. texts.SelectMany(t => t.Slots).Select(slot => slot.Name).Distinct()];
    }

    /// <summary>The distinct names, in the order of their first use.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>Whether the text is a valid parameter name: letters, digits and _.</summary>
    public static bool IsName(string text) => Template.IsName(text);

    /// <summary>The name of the environment variable with a parameter's value.</summary>
    public static string VariableOf(string parameter) => "JOBCLOUD_PARAM_" + parameter;

    /// <summary>Parses the command of a job that has parameters.</summary>
    public static Parsed<CommandTemplate> Parse(JobSpec spec)
    {
        var hasShell = CommandLine.IsShell(spec.Shell);
        if (!spec.Argv || hasShell)
        {
            var line = Template.Parse(spec.Command);
            var quotes =
                spec.Shell != CommandLine.NoShell
                && (
                    !hasShell
                    || PosixShells.Contains(spec.Shell[(spec.Shell.LastIndexOf('/') + 1)..])
                );
            return new CommandTemplate([line], false, quotes ? QuotingOf(line) : null);
        }
        var words = ShellWords.Split(spec.Command);
        if (!words.Ok)
            return words.Error;
        return new CommandTemplate([.. words.Value.Select(Template.Parse)], true, null);
    }

    /// <summary>The command to run. A shell line needs the variables of its
    /// parameters.</summary>
    /// <param name="value">The value of a parameter; null keeps the parameter as written.</param>
    public string ToRun(Func<string, string?> value) => Bind(value, Reference);

    /// <summary>The command for a reader, with all values in it.</summary>
    public string ToShow(Func<string, string?> value) => Bind(value, Quoted);

    /// <summary>An upper bound of the bytes of the command, given those of each value.</summary>
    public long BoundLength(Func<string, long> bytes)
    {
        // The quotes and the reference around a name.
        const int reference = 32;
        var total = _texts.Length - 1L;
        foreach (var text in _texts)
        {
            total += text.Literals.Sum(Encoding.UTF8.GetByteCount);
            foreach (var slot in text.Slots)
                total += Math.Max(bytes(slot.Name), slot.Name.Length + reference);
        }
        return total;
    }

    private string Bind(
        Func<string, string?> value,
        Func<Template.Slot, string, ShellQuoting, string> quoted
    )
    {
        var values = new Dictionary<string, (string? Text, bool IsPlain)>();
        foreach (var name in Parameters)
            values[name] = value(name) is { } text ? (text, IsPlain(text)) : (null, false);
        if (_isArgv)
            return ShellWords.Join(_texts.Select(text => text.Bind(i => AsIs(text.Slots[i]))));
        var line = _texts[0];
        return line.Bind(i =>
        {
            var slot = line.Slots[i];
            var (text, isPlain) = values[slot.Name];
            if (_quoting is null || slot.IsRaw || text is null)
                return AsIs(slot);
            // 2>file would redirect, where '2'>file does not.
            var isBeforeRedirection = line.Literals[i + 1] is ['<' or '>', ..];
            return isPlain && !isBeforeRedirection ? text : quoted(slot, text, _quoting[i]);
        });

        string AsIs(Template.Slot slot) =>
            values[slot.Name].Text ?? (slot.IsRaw ? $"{{{slot.Name}!}}" : $"{{{slot.Name}}}");
    }

    private static bool IsPlain(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Plain);

    private static string Reference(Template.Slot slot, string value, ShellQuoting quoting)
    {
        var name = VariableOf(slot.Name);
        return quoting switch
        {
            ShellQuoting.Double or ShellQuoting.HereDocument => $"${{{name}}}",
            ShellQuoting.Single => $"""'"${name}"'""",
            ShellQuoting.Ansi => $"""'"${name}"$'""",
            _ => $"\"${name}\"",
        };
    }

    private static string Quoted(Template.Slot slot, string value, ShellQuoting quoting) =>
        quoting switch
        {
            ShellQuoting.HereDocument => value,
            ShellQuoting.Double => Escaped(value, "\\\"$`"),
            ShellQuoting.Single => value.Replace("'", @"'\''"),
            ShellQuoting.Ansi => Escaped(value, "\\'"),
            _ => ShellWords.Quote(value),
        };

    private static string Escaped(string value, string special)
    {
        var escaped = new StringBuilder(value.Length + 8);
        foreach (var c in value)
            (special.Contains(c) ? escaped.Append('\\') : escaped).Append(c);
        return escaped.ToString();
    }

    private static ShellQuoting[] QuotingOf(Template line)
    {
        var scanner = new ShellScanner();
        var quoting = new ShellQuoting[line.Slots.Count];
        for (var i = 0; i < quoting.Length; i++)
        {
            scanner.Read(line.Literals[i]);
            quoting[i] = scanner.Here;
            scanner.ReadValue();
        }
        return quoting;
    }
}
