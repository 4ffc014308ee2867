using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Commands;

/// <summary>The command palette: a command line with its completions below.</summary>
internal sealed class PaletteOverlay(MainWindow window) : Overlay(window)
{
    private const int MaxShown = 8;
    private const int FirstLine = 3;

    private LineEditor _line = new();

    public override string Title => "command";
    public override string Hint => "Tab completes · ↑ ↓ history · Enter runs";

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 72), Math.Min(maxHeight, MaxShown + 5));

    public override bool Press(KeyPress key)
    {
        switch (key.Name)
        {
            case "Enter":
                Run();
                return true;
            case "Tab":
                Complete();
                return true;
            case "Up":
                if (Window.History.Older() is { } older)
                    _line = LineEditor.Of(older);
                return true;
            case "Down":
                _line = LineEditor.Of(Window.History.Newer());
                return true;
            case "Backspace" when _line.Text.Length == 0:
                Window.Close(this);
                return true;
        }
        if (_line.Press(key) is not { } next)
            return false;
        _line = next;
        return true;
    }

    /// <summary>A click on a command runs it, or begins it if it needs an argument; one on a
    /// completion takes it.</summary>
    public override void Point(int x, int y, MouseAction pointing, int width, int height)
    {
        if (pointing != MouseAction.Click || y < FirstLine)
            return;
        if (Command is not null)
        {
            if (Candidates.ElementAtOrDefault(y - FirstLine - 1) is { } word)
                _line = LineEditor.Of(_line.Text[..Completion.WordStart(_line.Text)] + word);
        }
        else if (Fitting.ElementAtOrDefault(y - FirstLine) is { } command)
        {
            _line = LineEditor.Of(command.Name + (command.Usage.Length > 0 ? " " : ""));
            if (command.Usage.Length == 0)
                Run();
        }
    }

    public override void Paint(Canvas canvas)
    {
        canvas.Text(0, 1, ":", new Style(Ink.Accent, Ground.Dialog, Strong: true));
        LineField.Paint(
            canvas.Part(1, 1, canvas.Width - 2, 1),
            _line,
            new Style(Ink.Text, Ground.Field)
        );
        var y = FirstLine;
        if (Command is { } command)
        {
            canvas.Text(
                2,
                y,
                $"{command.Name} {command.Usage}",
                new Style(Ink.Title, Ground.Dialog)
            );
            canvas.Text(28, y++, command.Summary, new Style(Ink.Muted, Ground.Dialog));
            foreach (var word in Candidates.Take(MaxShown - 1))
                canvas.Text(4, y++, word, new Style(Ink.Text, Ground.Dialog));
            return;
        }
        foreach (var fitting in Fitting.Take(MaxShown))
        {
            canvas.Text(
                2,
                y,
                $"{fitting.Name} {fitting.Usage}",
                new Style(Ink.Text, Ground.Dialog)
            );
            canvas.Text(28, y++, fitting.Summary, new Style(Ink.Muted, Ground.Dialog));
        }
    }

    /// <summary>The command whose argument is being typed; null: the name is not
    /// complete.</summary>
    private PaletteCommand? Command =>
        _line.Text.IndexOf(' ') is > 0 and var end
            ? PaletteCommands.All.FirstOrDefault(c => c.Name == _line.Text[..end])
            : null;

    private IEnumerable<PaletteCommand> Fitting =>
        PaletteCommands.All.Where(c => c.Name.StartsWith(_line.Text, StringComparison.Ordinal));

    private List<string> Candidates =>
        Completion.Fitting(_line.Text, Command?.Candidates?.Invoke(Window) ?? []);

    private void Complete()
    {
        var named = Command is not null;
        var fitting = named ? Candidates : [.. Fitting.Select(c => c.Name)];
        var text = Completion.Complete(_line.Text, fitting);
        if (!named && fitting.Count == 1)
            text += " ";
        _line = LineEditor.Of(text);
    }

    private void Run()
    {
        Window.Close(this);
        if (string.IsNullOrWhiteSpace(_line.Text))
            return;
        Window.History.Add(_line.Text.Trim());
        PaletteCommands.Run(Window, _line.Text);
    }
}
