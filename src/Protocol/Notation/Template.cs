using System.Text;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Notation;

/// <summary>
/// A command with parameters such as <c>{name}</c>. <c>${VAR}</c>, <c>{1..3}</c> and <c>{}</c> are
/// left to the shell; <c>\{</c> and <c>\}</c> are braces.
/// </summary>
public sealed class Template
{
    // Alternating literals and parameter names: literal, name, literal, …, literal.
    private readonly string[] _pieces;

    private Template(string[] pieces)
    {
        _pieces = pieces;
        Parameters = [.. pieces.Where((_, i) => i % 2 == 1).Distinct()];
    }

    /// <summary>The distinct names, in the order of their first use.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>Parses a command; the only error is a NUL character.</summary>
    public static Parsed<Template> Parse(string text)
    {
        var nul = text.IndexOf('\0');
        if (nul >= 0)
        {
            var why = "The command contains a NUL character; remove it.";
            return new TextError(nul, 1, why);
        }
        var pieces = new List<string>();
        var literal = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (text[i] == '\\' && next is '{' or '}')
                literal.Append(text[++i]);
            else if (text[i] == '$' && next == '{')
                literal.Append(text, i++, 2);
            else if (text[i] == '{' && NameAt(text, i + 1) is { Length: > 0 } name)
            {
                pieces.Add(literal.ToString());
                pieces.Add(name);
                literal.Clear();
                i += name.Length + 1;
            }
            else
                literal.Append(text[i]);
        }
        pieces.Add(literal.ToString());
        return new Template([.. pieces]);
    }

    /// <summary>Escapes a text so that it parses to itself, without parameters.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isBrace = text[i] is '{' or '}';
            var isForShell = i > 0 && text[i - 1] == '$';
            var isParameter = text[i] == '{' && !isForShell && NameAt(text, i + 1).Length > 0;
            if (isBrace && (isParameter || (i > 0 && text[i - 1] == '\\')))
                escaped.Append('\\');
            escaped.Append(text[i]);
        }
        return escaped.ToString();
    }

    /// <summary>Whether the text is a valid parameter name: letters, digits and _.</summary>
    public static bool IsName(string text) => text.Length > 0 && text.All(IsWordCharacter);

    /// <summary>The command with its parameters filled in; a parameter without a value stays as
    /// written.</summary>
    public string Bind(Func<string, string?> value)
    {
        if (_pieces.Length == 1)
            return _pieces[0];
        var bound = new string[_pieces.Length];
        for (var i = 0; i < _pieces.Length; i++)
            bound[i] = i % 2 == 0 ? _pieces[i] : value(_pieces[i]) ?? $"{{{_pieces[i]}}}";
        return string.Concat(bound);
    }

    /// <summary>The length of the command in UTF-8, given the length of each parameter.</summary>
    public long BoundLength(Func<string, long> bytes)
    {
        var total = 0L;
        for (var i = 0; i < _pieces.Length; i++)
            total += i % 2 == 0 ? Encoding.UTF8.GetByteCount(_pieces[i]) : bytes(_pieces[i]);
        return total;
    }

    private static string NameAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && IsWordCharacter(text[end]))
            end++;
        return end < text.Length && text[end] == '}' ? text[start..end] : "";
    }

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
