using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>An input line at an edge of a screen that stays live, such as a filter.</summary>
internal sealed class Prompt(string sign, Action<string> typed)
{
    private string _sign = sign;
    private LineEditor _line = new();

    public bool Open { get; private set; }
    public string Text => _line.Text;

    /// <summary>Whether there is something to show.</summary>
    public bool Visible => Open || _line.Text.Length > 0;

    public void Begin() => Open = true;

    /// <summary>Opens it with another sign before its text.</summary>
    public void Begin(string other)
    {
        (_sign, Open) = (other, true);
        typed(_line.Text);
    }

    public void Set(string text)
    {
        _line = LineEditor.Of(text);
        typed(text);
    }

    /// <summary>Clears and closes it; false: it was already clear and closed.</summary>
    public bool Clear()
    {
        if (!Visible)
            return false;
        Open = false;
        Set("");
        return true;
    }

    /// <summary>Handles a key; false: not handled.</summary>
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
            return key.Name is not ("^C" or "F1" or "^P");
        }
        return true;
    }

    /// <param name="note">A note at the right, such as an error message; empty: none.</param>
    public void Paint(Canvas canvas, string note)
    {
        canvas.Text(1, 0, _sign, new Style(Ink.Accent, Strong: true));
        var room = Math.Max(10, canvas.Width - 5 - Math.Min(note.Length, canvas.Width / 2));
        LineField.Paint(canvas.Part(3, 0, room, 1), _line, Ink.Text, Open);
        if (note.Length > 0)
            canvas.Text(room + 4, 0, note, Ink.Warning);
    }
}
