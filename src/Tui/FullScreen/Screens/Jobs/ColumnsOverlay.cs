using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>The dialog that shows and hides columns of the job table.</summary>
internal sealed class ColumnsOverlay(MainWindow window, HashSet<string> hidden) : Overlay(window)
{
    private int _cursor;

    public override string Title => "Columns";
    public override string Hint => "Space shows or hides · Esc closes";

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 64), JobColumns.All.Count + 4);

    public override bool Press(KeyPress key)
    {
        if (key.Name is "j" or "Down")
            _cursor = Math.Min(_cursor + 1, JobColumns.All.Count - 1);
        else if (key.Name is "k" or "Up")
            _cursor = Math.Max(_cursor - 1, 0);
        else if (key.Name is "Space" or "Enter")
            Toggle(JobColumns.All[_cursor]);
        else if (key.Name is "q" or "C")
            Window.Close(this);
        else
            return false;
        return true;
    }

    public override void Point(int x, int y, MouseAction pointing, int width, int height)
    {
        if (pointing != MouseAction.Click || y < 1 || y > JobColumns.All.Count)
            return;
        _cursor = y - 1;
        Toggle(JobColumns.All[_cursor]);
    }

    public override void Paint(Canvas canvas)
    {
        for (var i = 0; i < JobColumns.All.Count; i++)
        {
            var column = JobColumns.All[i];
            var shown = !hidden.Contains(column.Name);
            canvas.Text(1, i + 1, shown ? "[x]" : "[ ]", new Style(Ink.Accent, Ground.Dialog));
            canvas.Text(5, i + 1, column.Name, new Style(Ink.Text, Ground.Dialog));
            canvas.Text(15, i + 1, column.Help, new Style(Ink.Muted, Ground.Dialog));
            if (i == _cursor)
                canvas.Text(0, i + 1, "▌", new Style(Ink.Accent, Ground.Dialog));
        }
    }

    // The flexible column cannot be hidden, because it fills the remaining width.
    private void Toggle(JobColumn column)
    {
        if (column.Width == 0)
            return;
        if (!hidden.Remove(column.Name))
            hidden.Add(column.Name);
        Window.ChangePreferences(preferences =>
            preferences with
            {
                HiddenColumns = [.. hidden.Order()],
            }
        );
    }
}
