using JobCloud.Tui.FullScreen.Keys;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A line of text being edited.</summary>
/// <param name="Caret">The number of characters before the caret.</param>
internal sealed record LineEditor(string Text = "", int Caret = 0)
{
    /// <summary>The maximum length in characters.</summary>
    public const int MaxLength = 4_096;

    /// <summary>An editor with the caret at the end of the text.</summary>
    public static LineEditor Of(string text) => new(text, text.Length);

    /// <summary>The editor after a key; null: the key does not edit.</summary>
    public LineEditor? Press(KeyPress key) =>
        key.Name switch
        {
            "Left" or "^B" => this with { Caret = Before(Caret) },
            "Right" or "^F" => this with { Caret = After(Caret) },
            "Home" or "^A" => this with { Caret = 0 },
            "End" or "^E" => this with { Caret = Text.Length },
            "Backspace" or "^H" => Without(Before(Caret), Caret),
            "Del" or "^D" => Without(Caret, After(Caret)),
            "^U" => Without(0, Caret),
            "^K" => Without(Caret, Text.Length),
            "^W" => Without(WordBefore(), Caret),
            _ when key.Text.Length > 0 && !char.IsControl(key.Text[0]) => Insert(key.Text),
            _ => null,
        };

    /// <summary>Inserts as much of a text as fits.</summary>
    public LineEditor Insert(string text)
    {
        var room = Math.Min(text.Length, MaxLength - Text.Length);
        if (room > 0 && room < text.Length && char.IsHighSurrogate(text[room - 1]))
            room--;
        return room <= 0 ? this : new(Text.Insert(Caret, text[..room]), Caret + room);
    }

    private LineEditor Without(int from, int to) => new(Text.Remove(from, to - from), from);

    private int Before(int at) =>
        at == 0 ? 0
        : at > 1 && char.IsLowSurrogate(Text[at - 1]) ? at - 2
        : at - 1;

    private int After(int at) =>
        at == Text.Length ? at
        : at + 1 < Text.Length && char.IsHighSurrogate(Text[at]) ? at + 2
        : at + 1;

    private int WordBefore()
    {
        var at = Caret;
        while (at > 0 && Text[at - 1] == ' ')
            at--;
        while (at > 0 && Text[at - 1] != ' ')
            at--;
        return at;
    }
}
