using JobCloud.Tui.FullScreen.Widgets;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace JobCloud.Tui.FullScreen.Theme;

/// <summary>The colours and text styles of each style.</summary>
internal sealed class Palette
{
    private static readonly int Inks = Enum.GetValues<Ink>().Length;
    private static readonly int Grounds = Enum.GetValues<Ground>().Length;

    private readonly bool _colored;
    private readonly Attribute[] _looks = new Attribute[Inks * Grounds * 2];

    /// <param name="inks">Colours by ink number; null: the terminal's own for every ink.</param>
    /// <param name="grounds">Colours by ground number.</param>
    /// <param name="onBright">The one ink on the grounds of the cursor, fields and buttons, if only
    /// the sixteen colours are used: no two of them can be read on each of these.</param>
    public Palette(
        string name,
        string summary,
        Color[]? inks,
        Color[] grounds,
        Color? onBright = null
    )
    {
        (Name, Summary, FewColors, _colored) = (
            name,
            summary,
            onBright is not null,
            inks is not null
        );
        for (var ink = 0; ink < Inks; ink++)
        for (var ground = 0; ground < Grounds; ground++)
        for (var strong = 0; strong < 2; strong++)
        {
            var style = new Style((Ink)ink, (Ground)ground, strong == 1);
            _looks[Index(style)] = new Attribute(
                IsBright((Ground)ground) && onBright is { } only ? only : inks?[ink] ?? Color.None,
                grounds[ground],
                TextStyles(style, plain: inks is null)
            );
        }
    }

    public string Name { get; }
    public string Summary { get; }

    /// <summary>Whether it uses only the sixteen colours that every terminal has.</summary>
    public bool FewColors { get; }

    /// <summary>Whether it is for terminals with a light background.</summary>
    public bool IsLight { get; init; }

    /// <summary>Whether inks differ by their colours.</summary>
    public bool HasColors => _colored;

    public Attribute Of(Style style) =>
        style.Back is { } back ? Halves(_looks[Index(style)], _looks[Index(back)])
        : style.Pen is { } pen ? PenAttributes.Over(_looks[Index(style)], pen, _colored)
        : _looks[Index(style)];

    private static Attribute Halves(Attribute upper, Attribute lower) =>
        new(upper.Foreground, lower.Foreground, upper.Style);

    private static bool IsBright(Ground ground) =>
        ground is Ground.Cursor or Ground.Field or Ground.Button;

    private static int Index(Style style) =>
        ((int)style.Ink * Grounds + (int)style.Ground) * 2 + (style.Strong ? 1 : 0);

    // Without colours, reverse video and weight distinguish the grounds.
    private static TextStyle TextStyles(Style style, bool plain)
    {
        var text =
            style.Strong || style.Ink is Ink.Title or Ink.Accent ? TextStyle.Bold : TextStyle.None;
        if (!plain)
            return text;
        if (style.Ground is Ground.Cursor or Ground.Button)
            text |= TextStyle.Reverse;
        if (style.Ground == Ground.Field)
            text |= TextStyle.Underline;
        if (style.Ink is Ink.Muted or Ink.Rule)
            text |= TextStyle.Faint;
        if (style.Ink is Ink.Error or Ink.Killed or Ink.Warning)
            text |= TextStyle.Bold;
        return text;
    }
}
