using System.Text;

namespace JobCloud.Protocol.Notation;

/// <summary>
/// A text with parameters such as <c>{name}</c>, or <c>{name!}</c> for the raw value in a shell
/// line. <c>${VAR}</c>, <c>{1..3}</c> and <c>{}</c> are left as they are; <c>\{</c> and <c>\}</c>
/// are braces.
/// </summary>
public sealed class Template
{
    private readonly List<string> _literals = [];
    private readonly List<Slot> _slots = [];

    /// <summary>A place for a value.</summary>
    public readonly record struct Slot(string Name, bool IsRaw);

    private Template(string text)
    {
        var literal = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (text[i] == '\\' && next is '{' or '}')
                literal.Append(text[++i]);
            else if (text[i] == '$' && next == '{')
                literal.Append(text, i++, 2);
            else if (text[i] == '{' && SlotAt(text, i + 1, out var end) is { } slot)
            {
                _literals.Add(literal.ToString());
                _slots.Add(slot);
                literal.Clear();
                i = end;
            }
            else
                literal.Append(text[i]);
        }
        _literals.Add(literal.ToString());
    }

    /// <summary>The fixed texts, one more than slots: a slot follows each but the last.</summary>
    public IReadOnlyList<string> Literals => _literals;

    public IReadOnlyList<Slot> Slots => _slots;

    public static Template Parse(string text) => new(text);

    /// <summary>Whether the text is a valid parameter name: letters, digits and _.</summary>
    public static bool IsName(string text) => text.Length > 0 && text.All(IsWordCharacter);

    /// <summary>The text with a value in each slot.</summary>
    /// <param name="value">The value of the slot of this index.</param>
    public string Bind(Func<int, string> value)
    {
        if (_slots.Count == 0)
            return _literals[0];
        var pieces = new string[_literals.Count + _slots.Count];
        for (var i = 0; i < pieces.Length; i++)
            pieces[i] = i % 2 == 0 ? _literals[i / 2] : value(i / 2);
        return string.Concat(pieces);
    }

    private static Slot? SlotAt(string text, int start, out int end)
    {
        end = start;
        while (end < text.Length && IsWordCharacter(text[end]))
            end++;
        var name = text[start..end];
        var isRaw = end < text.Length && text[end] == '!';
        if (isRaw)
            end++;
        return name.Length > 0 && end < text.Length && text[end] == '}'
            ? new Slot(name, isRaw)
            : null;
    }

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
