using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The footer: the keys available now, as many as fit, the most important first.</summary>
internal static class Footer
{
    public static void Paint(MainWindow window, Canvas canvas)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        var shown = window
            .Top.Keys.Actions.Where(action => action.Footer > 0)
            .Where(action => !window.Top.Handles(action) || window.Top.Can(action))
            .Where(action => !(action.Changes && window.Options.ReadOnly))
            .ToList();
        while (shown.Count > 0 && shown.Sum(Width) > canvas.Width - 1)
            shown.Remove(shown.MinBy(action => action.Footer)!);
        var x = 1;
        foreach (var action in shown)
        {
            x = canvas.Text(x, 0, action.Names[0], new Style(Ink.Accent, Ground.Bar, Strong: true));
            x = canvas.Text(x + 1, 0, action.Label, new Style(Ink.Muted, Ground.Bar)) + 2;
        }
    }

    private static int Width(Keys.KeyAction action) =>
        action.Names[0].Length + action.Label.Length + 3;
}
