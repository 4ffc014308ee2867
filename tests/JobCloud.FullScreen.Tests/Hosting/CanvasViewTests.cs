using JobCloud.FullScreen.Tests.Screens;
using JobCloud.Tui.FullScreen.Hosting;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Theme;
using JobCloud.Tui.FullScreen.Widgets;
using Terminal.Gui.App;
using Terminal.Gui.Input;
using Terminal.Gui.Testing;
using Terminal.Gui.Time;

namespace JobCloud.FullScreen.Tests.Hosting;

/// <summary>Tests the view with Terminal.Gui's own driver, without a terminal.</summary>
public sealed class CanvasViewTests : IDisposable
{
    private readonly UiHarness _stage = new(80, 24);
    private readonly CanvasView _view;
    private readonly IApplication _app;

    public CanvasViewTests()
    {
        Environment.SetEnvironmentVariable("DisableRealDriverIO", "1");
        _view = new CanvasView(_stage.Window, synchronized: false);
        _app = Application.Create(new VirtualTimeProvider()).Init("ansi");
        _app.Driver!.SetScreenSize(80, 24);
        _app.Begin(_view);
        _stage.Receive(Samples.Full());
        Draw();
    }

    [Fact]
    public void The_driver_shows_the_painted_cells() =>
        Assert.Equal(Trimmed(_stage.Text), Trimmed(_app.Driver!.ToString()!));

    [Fact]
    public void Colours_come_from_the_theme()
    {
        Assert.Equal(
            Palettes.Dark.Of(new Style(Ink.Title)),
            _app.Driver!.Contents![1, 1].Attribute
        );
        _stage.Window.Palette = Palettes.Plain;
        Draw();
        Assert.Equal(
            Palettes.Plain.Of(new Style(Ink.Title)),
            _app.Driver!.Contents![1, 1].Attribute
        );
    }

    [Fact]
    public void Unchanged_cells_are_not_written()
    {
        var written = _view.Written;
        for (var i = 0; i < 20; i++)
        {
            _stage.Advance(TimeSpan.FromMilliseconds(20));
            Draw();
        }
        Assert.Equal(written, _view.Written);
    }

    [Fact]
    public void A_small_change_writes_few_cells()
    {
        var written = _view.Written;
        _stage.Receive(new() { Counts = Samples.Counts(13, 34, 5, 4) });
        Draw();
        Assert.InRange(_view.Written - written, 1, 4);
    }

    [Fact]
    public void Wide_graphemes_keep_their_columns()
    {
        var row = Samples.Job(2_000, Status.Done);
        row.Command = "日本語 x";
        _stage.Receive(new() { Rows = { row } });
        Draw();
        Assert.Contains("日本語 x", _app.Driver!.ToString());
        row = row.Clone();
        row.Command = "narrow again";
        _stage.Receive(new() { Rows = { row } });
        Draw();
        Assert.Equal(Trimmed(_stage.Text), Trimmed(_app.Driver!.ToString()!));
    }

    [Fact]
    public void Cells_covered_by_a_wide_grapheme_are_written_again()
    {
        Show("abcdef");
        Show("日本語");
        Assert.Equal("abcdef".Length, Show("abcdef"));
    }

    [Fact]
    public void In_ASCII_mode_only_ASCII_is_written()
    {
        _stage.Window.Ascii = true;
        Draw();
        Assert.DoesNotContain(_app.Driver!.ToString()!, c => c > 0x7e);
    }

    [Fact]
    public void A_resized_terminal_is_filled()
    {
        _app.Driver!.SetScreenSize(120, 30);
        (_stage.Width, _stage.Height) = (120, 30);
        _app.LayoutAndDraw();
        Draw();
        Assert.Equal(Trimmed(_stage.Text), Trimmed(_app.Driver!.ToString()!));
    }

    [Fact]
    public void A_terminal_key_reaches_the_screen()
    {
        _app.InjectKey(Key.D2);
        Assert.Equal("nodes", _stage.Window.Top.Crumb);
    }

    [Fact]
    public void Terminal_keys_get_the_names_of_the_key_tables()
    {
        (Key Key, string Name)[] keys =
        [
            (Key.K, "k"),
            (Key.K.WithShift, "K"),
            (Key.F.WithCtrl, "^F"),
            (Key.Esc, "Esc"),
            (Key.PageDown, "PgDn"),
            (Key.Tab.WithShift, "Shift-Tab"),
            (Key.Delete, "Del"),
            (Key.F1, "F1"),
            (Key.Space, "Space"),
            (new Key('?'), "?"),
            (new Key('<'), "<"),
            (Key.J.WithAlt, "M-j"),
        ];
        Assert.All(keys, pair => Assert.Equal(pair.Name, KeyNames.Of(pair.Key).Name));
        Assert.Equal("é", KeyNames.Of(new Key('é')).Text);
    }

    public void Dispose()
    {
        _app.Dispose();
        _view.Dispose();
    }

    /// <summary>Shows a job with a command; returns the number of cells written.</summary>
    private long Show(string command)
    {
        var row = Samples.Job(2_000, Status.Done);
        row.Command = command;
        var written = _view.Written;
        _stage.Receive(new() { Rows = { row } });
        Draw();
        return _view.Written - written;
    }

    private void Draw()
    {
        _view.SetNeedsDraw();
        _app.LayoutAndDraw();
    }

    private static string Trimmed(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()))
            .TrimEnd();
}
