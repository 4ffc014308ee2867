using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Outputs;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model.Output;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>The output of a job, live, with all that was retained.</summary>
internal sealed class OutputScreen : Screen
{
    private static readonly KeyTable Table = new("output", OutputKeys.All, ListKeys.All);

    private readonly Jid _jid;
    private readonly Prompt _search;
    private OutputLoader _reader;
    private int _attempt;
    private bool _isRegex;
    private string _invalid = "";

    // While there is a selection, the movement keys move its end.
    private LogSelection? _selection;

    public OutputScreen(MainWindow window, Jid jid, OutputChoice choice)
        : base(window, Table)
    {
        _jid = jid;
        _reader = new OutputLoader(window, jid, 0, choice);
        _search = new Prompt("/", Search);
        OnMoves();
        On(OutputKeys.Follow, () => Follow(!View.Follows));
        On(OutputKeys.Wrap, () => View.ToggleWrap());
        On(OutputKeys.NextStream, () => Switch(_reader.Choice.Next(1), _attempt));
        On(OutputKeys.PreviousStream, () => Switch(_reader.Choice.Next(-1), _attempt));
        On(OutputKeys.PreviousAttempt, SwitchAttempt, () => _reader.Attempt > 1 || _attempt > 0);
        On(OutputKeys.Search, () => BeginSearch(isRegex: false));
        On(OutputKeys.SearchRegex, () => BeginSearch(isRegex: true));
        On(OutputKeys.NextMatch, () => _reader.Seek(1), () => View.Pattern is not null);
        On(OutputKeys.PreviousMatch, () => _reader.Seek(-1), () => View.Pattern is not null);
        On(OutputKeys.OnlyMatches, ToggleOnlyMatches, () => View.Pattern is not null);
        On(OutputKeys.Select, () => _selection = LogSelection.Begin(View));
        On(OutputKeys.Copy, Copy);
        On(OutputKeys.Save, Save, () => !_reader.Choice.IsItem);
    }

    public override string Crumb => $"output {_jid}";

    public override string Aside
    {
        get
        {
            var attempt = _reader.Attempt > 1 ? $" · attempt {_reader.Attempt}" : "";
            var follows =
                Window.Past is not null ? PastNote
                : _reader.HasEnded ? " · ended"
                : View.Follows ? " · following"
                : "";
            var wraps = View.Wraps ? " · wrapped" : "";
            return _reader.Choice.Name + attempt + wraps + follows;
        }
    }

    private string PastNote =>
        _reader.Choice.IsItem ? " · as it is now" : " · what was written by then";

    public override void Moved() => Switch(_reader.Choice, _attempt);

    private LogView View => _reader.View;

    public static Screen Open(MainWindow window, Jid jid) =>
        new OutputScreen(window, jid, OutputChoice.All[0]);

    public override bool Tick()
    {
        var changed = _reader.Tick();
        if (_reader.Elsewhere is not { } choice)
            return changed;
        var wanted = _reader.Wanted;
        Switch(choice, _attempt);
        Window.ShowToast($"Both streams are too large together: this is {choice.Name} alone.");
        if (wanted == 0)
            _reader.ToStart();
        else
            _reader.Seek(wanted);
        return true;
    }

    public override bool IsTyping => _search.Open;

    public override bool Type(KeyPress key)
    {
        var isOpen = _search.Open;
        var isHandled = _search.Press(key);
        if (isOpen && key.Name == "Enter" && View.Pattern is not null)
            _reader.Seek(View.Follows ? -1 : 1);
        return isHandled;
    }

    public override bool Clear()
    {
        var selected = _selection is not null;
        _selection = null;
        return selected || _search.Clear();
    }

    public override void Closed() => _reader.Dispose();

    public override void Point(int x, int y, MouseAction pointing)
    {
        if (pointing is MouseAction.WheelUp or MouseAction.WheelDown)
            View.Scroll(pointing == MouseAction.WheelUp ? -3 : 3);
    }

    public override void Paint(Canvas canvas)
    {
        var gutter = _reader.Choice.IsBoth ? 4 : 0;
        View.Resize(canvas.Width - gutter - 1, canvas.Height - 1);
        var rows = View.Rows();
        for (var y = 0; y < rows.Count; y++)
        {
            var line = canvas.Part(1, y, canvas.Width - 1, 1);
            LogPainting.Row(line, rows[y], gutter, View);
            if (_selection?.Has(rows[y].Number) == true)
                line.Ground(0, Ground.Cursor);
        }
        if (rows.Count == 0)
            canvas.Text(1, 0, EmptyText(), Ink.Muted);
        PaintLast(canvas.Part(0, canvas.Height - 1, canvas.Width, 1));
    }

    private string EmptyText() =>
        _reader.OnlyMatches
            ? _reader.IsSearched
                ? "No line matches."
                : "Searching…"
            : _reader.Choice.IsItem
                ? "No entries yet."
                : $"No output on {_reader.Choice.Name} yet.";

    private void PaintLast(Canvas canvas)
    {
        if (_search.Visible)
            _search.Paint(canvas, _invalid);
        if (_invalid.Length > 0)
            return;
        var below =
            _selection is { } selection
                ? $"{selection.Count} lines selected (y copies, Esc cancels)"
            : View.Follows ? ""
            : _reader.Log.CutAt is not null ? "more below (G goes to the end)"
            : View.NewBelow > 0 ? $"{View.NewBelow} new lines below (G follows)"
            : "not following (G follows)";
        var words = string.Join(
            "   ",
            new[] { _reader.MatchWords, below }.Where(w => w.Length > 0)
        );
        canvas.TextRight(canvas.Width - 1, 0, words, Ink.Accent);
    }

    private void OnMoves()
    {
        On(ListKeys.Down, () => Move(1));
        On(ListKeys.Up, () => Move(-1));
        On(ListKeys.PageDown, () => Move(View.Height - 1));
        On(ListKeys.PageUp, () => Move(1 - View.Height));
        On(ListKeys.HalfDown, () => Move(View.Height / 2));
        On(ListKeys.HalfUp, () => Move(-View.Height / 2));
        On(ListKeys.First, () => _reader.ToStart());
        On(ListKeys.Last, () => _reader.ToEnd());
        On(OutputKeys.Left, () => View.ScrollSideways(-View.Width / 2));
        On(OutputKeys.Right, () => View.ScrollSideways(View.Width / 2));
    }

    private void Move(int lines)
    {
        if (_selection is { } selection)
            selection.Move(lines);
        else
            View.Scroll(lines);
        _reader.Stay();
    }

    private void Follow(bool on)
    {
        if (on)
            _reader.ToEnd();
        else
            View.ToggleFollow();
    }

    private void Switch(OutputChoice choice, int attempt)
    {
        _reader.Dispose();
        (_attempt, _selection) = (attempt, null);
        _reader = new OutputLoader(Window, _jid, attempt, choice);
        Search(_search.Text);
    }

    // Steps back to the first attempt, then starts again at the newest.
    private void SwitchAttempt() => Switch(_reader.Choice, _reader.Attempt - 1);

    private void BeginSearch(bool isRegex)
    {
        _isRegex = isRegex;
        _search.Begin(isRegex ? "~" : "/");
    }

    private void Search(string text)
    {
        _invalid = "";
        if (text.Length == 0)
        {
            _reader.Search(null);
            return;
        }
        var pattern = LinePattern.Parse(text, _isRegex);
        _invalid = pattern.Error?.Message ?? "";
        _reader.Search(pattern.Ok ? pattern.Value : null);
    }

    // The selection is of lines of the other log.
    private void ToggleOnlyMatches()
    {
        _selection = null;
        _reader.ToggleOnlyMatches();
    }

    private void Copy()
    {
        List<TextLine> lines = [.. _selection?.Lines ?? View.Shown()];
        if (lines.Sum(line => line.Text.Length + 1L) > Effect.Copy.MaxLength)
            ShowTooLarge();
        else
            _ = CopyAsync(new(Window, _jid, _reader.Attempt, _reader.Choice), lines);
    }

    private async Task CopyAsync(RawCopy raw, IReadOnlyList<TextLine> lines)
    {
        try
        {
            var text = await raw.ReadAsync(lines).ConfigureAwait(false);
            Window.Post(() => Copy(text));
        }
        catch (OperationCanceledException) { }
    }

    private void Copy(string text)
    {
        if (text.Length > Effect.Copy.MaxLength)
        {
            ShowTooLarge();
            return;
        }
        _selection = null;
        Window.Effects.Enqueue(new Effect.Copy(text));
        Window.ShowToast($"Copied {Sizes.Print(text.Length)}.");
    }

    private void ShowTooLarge() =>
        Window.ShowToast(
            "Too large for the terminal clipboard; press ^S to save it.",
            ToastKind.Error
        );

    private void Save() =>
        Window.ShowDialog(new SaveOutputOverlay(Window, _jid, _reader.Attempt, _reader.Choice));
}
