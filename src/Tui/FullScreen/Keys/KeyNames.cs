using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Converts keys of the terminal to the names in the key tables.</summary>
internal static class KeyNames
{
    public static KeyPress Of(Key key)
    {
        var bare = key.NoShift.NoCtrl.NoAlt;
        var name = Special(bare.KeyCode);
        if (name.Length == 0 && !key.IsCtrl && !key.IsAlt)
        {
            var text = key.AsGrapheme;
            return new KeyPress(text, text);
        }
        if (name.Length == 0)
            name = bare.AsGrapheme;
        if (name == "Space" && !key.IsCtrl && !key.IsAlt)
            return new KeyPress(name, " ");
        if (key.IsShift && name.Length > 1)
            name = "Shift-" + name;
        if (key.IsCtrl)
            name = "^" + name.ToUpperInvariant();
        return new KeyPress(key.IsAlt ? "M-" + name : name);
    }

    private static string Special(KeyCode code) =>
        code switch
        {
            KeyCode.Enter => "Enter",
            KeyCode.Esc => "Esc",
            KeyCode.Tab => "Tab",
            KeyCode.Backspace => "Backspace",
            KeyCode.Delete => "Del",
            KeyCode.Insert => "Ins",
            KeyCode.Home => "Home",
            KeyCode.End => "End",
            KeyCode.PageUp => "PgUp",
            KeyCode.PageDown => "PgDn",
            KeyCode.CursorUp => "Up",
            KeyCode.CursorDown => "Down",
            KeyCode.CursorLeft => "Left",
            KeyCode.CursorRight => "Right",
            KeyCode.Space => "Space",
            >= KeyCode.F1 and <= KeyCode.F12 => $"F{code - KeyCode.F1 + 1}",
            _ => "",
        };
}
