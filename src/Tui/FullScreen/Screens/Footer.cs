using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The footer: the keys available now, as many as fit, the most important first; or the
/// message to the user.</summary>
internal static class Footer
{
    public static void Paint(MainWindow window, Canvas canvas)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        if (window.Toast is { } toast)
        {
            canvas.Text(1, 0, toast.Glyph, toast.Style.On(Ground.Bar));
            canvas.Text(3, 0, toast.Text, new Style(Ink.Text, Ground.Bar));
            return;
        }
        foreach (var (x, key, action) in Places(window, canvas.Width))
        {
            var end = canvas.Text(x, 0, key, new Style(Ink.Accent, Ground.Bar, Strong: true));
            canvas.Text(end + 1, 0, action.Label, new Style(Ink.Muted, Ground.Bar));
        }
    }

    /// <summary>The action at a column; null: none.</summary>
    public static KeyAction? ActionAt(MainWindow window, int width, int column)
    {
        foreach (var (x, key, action) in Places(window, width))
            if (column >= x && column <= x + key.Length + action.Label.Length)
                return action;
        return null;
    }

    private static IEnumerable<(int X, string Key, KeyAction Action)> Places(
        MainWindow window,
        int width
    )
    {
        var shown = window
            .Top.Keys.Actions.Where(action => action.Footer > 0)
            .Where(action => !window.Top.Handles(action) || window.Top.Can(action))
            .Where(action => !(action.Changes && window.Options.ReadOnly))
            .Where(action => !window.IsTooLate(action))
            .Select(action => (Key: KeyOf(window.Top, action), Action: action))
            .Where(shown => shown.Key.Length > 0)
            .ToList();
        while (shown.Count > 0 && shown.Sum(s => Width(s.Key, s.Action)) > width - 1)
            shown.Remove(shown.MinBy(s => s.Action.Footer)!);
        var x = 1;
        foreach (var (key, action) in shown)
        {
            yield return (x, key, action);
            x += Width(key, action);
        }
    }

    // In a text field, a key that types a character does nothing else.
    private static string KeyOf(Screen screen, KeyAction action) =>
        action.Names.FirstOrDefault(name => name.Length > 1 || !screen.IsTyping) ?? "";

    private static int Width(string key, KeyAction action) => key.Length + action.Label.Length + 3;
}
