using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Theme;
using JobCloud.Tui.FullScreen.Widgets;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;
using Rectangle = System.Drawing.Rectangle;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>A Terminal.Gui view over the whole terminal. Compares the painted cells with the
/// driver's and writes only those that differ.</summary>
internal sealed class CanvasView : Runnable
{
    private const string BeginFrame = "\e[?2026h";
    private const string EndFrame = "\e[?2026l";

    private readonly Grid _grid = new();
    private readonly MainWindow _window;
    private readonly bool _synchronized;
    private bool _begun;

    /// <param name="synchronized">Marks the begin and end of each update (DEC mode 2026), so that
    /// the terminal shows no partial one.</param>
    public CanvasView(MainWindow window, bool synchronized)
    {
        (_window, _synchronized) = (window, synchronized);
        Width = Dim.Fill();
        Height = Dim.Fill();
        BorderStyle = Terminal.Gui.Drawing.LineStyle.None;
        CanFocus = true;
    }

    /// <summary>The time of the last key press, by <see cref="Environment.TickCount64"/>.</summary>
    public long LastKey { get; private set; }

    /// <summary>The number of cells written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Ends the update that was begun, after the driver has written it.</summary>
    public void EndUpdate()
    {
        if (!_begun)
            return;
        App?.Driver?.WriteRaw(EndFrame);
        _begun = false;
    }

    protected override bool OnClearingViewport() => true;

    protected override bool OnDrawingContent(DrawContext? context)
    {
        if (App?.Driver is not { } driver || TerminalRestore.IsRestored)
            return true;
        var screen = ViewportToScreen(new Rectangle(0, 0, Viewport.Width, Viewport.Height));
        _window.Paint(_grid, screen.Width, screen.Height);
        Blit(driver.GetOutputBuffer(), screen.Left, screen.Top);
        context?.AddDrawnRectangle(screen);
        return true;
    }

    protected override bool OnKeyDown(Key key)
    {
        LastKey = Environment.TickCount64;
        var press = KeyNames.Of(key);
        if (press.Name.Length > 0)
            _window.Press(press);
        SetNeedsDraw();
        return true;
    }

    /// <summary>Handles a bracketed paste.</summary>
    public void Paste(string text)
    {
        LastKey = Environment.TickCount64;
        _window.Paste(text);
        SetNeedsDraw();
    }

    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (PointingOf(mouse.Flags) is not { } pointing || mouse.Position is not { } at)
            return false;
        _window.Point(at.X, at.Y, pointing);
        SetNeedsDraw();
        return true;
    }

    private static MouseAction? PointingOf(MouseFlags flags) =>
        flags.HasFlag(MouseFlags.WheeledUp) ? MouseAction.WheelUp
        : flags.HasFlag(MouseFlags.WheeledDown) ? MouseAction.WheelDown
        : flags.HasFlag(MouseFlags.LeftButtonDoubleClicked) ? MouseAction.DoubleClick
        : flags.HasFlag(MouseFlags.LeftButtonClicked) ? MouseAction.Click
        : null;

    private void Blit(IOutputBuffer buffer, int left, int top)
    {
        if (buffer.Contents is not { } cells)
            return;
        var clip = GetClip();
        var palette = _window.Palette;
        for (var y = 0; y < _grid.Height && top + y < buffer.Rows; y++)
        for (var x = 0; x < _grid.Width && left + x < buffer.Cols; x++)
        {
            ref var cell = ref _grid[x, y];
            if (cell.Text.Length == 0 || clip?.Contains(left + x, top + y) == false)
                continue;
            var text = _window.Ascii ? Glyphs.Ascii(cell.Text) : cell.Text;
            var look = palette.Of(cell.Style);
            ref var shown = ref cells[top + y, left + x];
            if (shown.Attribute == look && shown.Grapheme == text)
                continue;
            Begin();
            Written++;
            if (IsWide(x, y))
            {
                // AddStr handles the cell to the right of a wide grapheme.
                buffer.Move(left + x, top + y);
                buffer.CurrentAttribute = look;
                buffer.AddStr(text);
                // Its old text is no longer on the terminal.
                cells[top + y, left + x + 1].Grapheme = "";
                continue;
            }
            shown.Attribute = look;
            shown.Grapheme = text;
            shown.IsDirty = true;
            buffer.DirtyLines[top + y] = true;
        }
    }

    private bool IsWide(int x, int y) => x + 1 < _grid.Width && _grid[x + 1, y].Text.Length == 0;

    private void Begin()
    {
        if (_begun || !_synchronized)
            return;
        _begun = true;
        App?.Driver?.WriteRaw(BeginFrame);
    }
}
