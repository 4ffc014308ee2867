using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>A line at the top of a screen in which one types while the screen goes on, such as a
/// filter.</summary>
internal sealed class Prompt(string sign, Action<string> typed)
{
    private LineEditor _line = new();

    public bool Open { get; private set; }
    public string Text => _line.Text;

    /// <summary>There is something to show.</summary>
    public bool Visible => Open || _line.Text.Length > 0;

    public void Begin() => Open = true;

    public void Set(string text)
    {
        _line = LineEditor.Of(text);
        typed(text);
    }

    /// <summary>Empties and closes it; false: it was so already.</summary>
    public bool Clear()
    {
        if (!Visible)
            return false;
        Open = false;
        Set("");
        return true;
    }

    /// <summary>False: the key is not its own.</summary>
    public bool Press(KeyPress key)
    {
        if (!Open)
            return false;
        if (key.Name is "Enter" or "Tab" or "Down")
        {
            Open = false;
        }
        else if (key.Name == "Esc")
        {
            Clear();
        }
        else if (_line.Press(key) is { } next)
        {
            var changed = next.Text != _line.Text;
            _line = next;
            if (changed)
                typed(next.Text);
        }
        else
        {
            return key.Name != "^C";
        }
        return true;
    }

    /// <param name="note">At the right, such as what is wrong with it; empty: nothing.</param>
    public void Paint(Canvas canvas, string note)
    {
        canvas.Text(1, 0, sign, new Style(Ink.Accent, Strong: true));
        var room = Math.Max(10, canvas.Width - 5 - Math.Min(note.Length, canvas.Width / 2));
        LineField.Paint(canvas.Part(3, 0, room, 1), _line, Ink.Text, Open);
        if (note.Length > 0)
            canvas.Text(room + 4, 0, note, Ink.Warning);
    }
}
