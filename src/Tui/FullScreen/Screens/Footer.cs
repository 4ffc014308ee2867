using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The footer: the keys available now, as many as fit, the most important first.</summary>
internal static class Footer
{
    public static void Paint(MainWindow window, Canvas canvas)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        var shown = window
            .Top.Keys.Acts.Where(act => act.Footer > 0)
            .Where(act => !window.Top.Handles(act) || window.Top.Can(act))
            .Where(act => !(act.Changes && window.Options.ReadOnly))
            .ToList();
        while (shown.Count > 0 && shown.Sum(Width) > canvas.Width - 1)
            shown.Remove(shown.MinBy(act => act.Footer)!);
        var x = 1;
        foreach (var act in shown)
        {
            x = canvas.Text(x, 0, act.Names[0], new Style(Ink.Accent, Ground.Bar, Strong: true));
            x = canvas.Text(x + 1, 0, act.Label, new Style(Ink.Muted, Ground.Bar)) + 2;
        }
    }

    private static int Width(Keys.Act act) => act.Names[0].Length + act.Label.Length + 3;
}
