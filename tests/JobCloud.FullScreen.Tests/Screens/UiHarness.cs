using JobCloud.FullScreen.Tests.Cloud;
using JobCloud.Protocol.Feed;
using JobCloud.Tui.FullScreen.Hosting;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Theme;
using JobCloud.Tui.FullScreen.Widgets;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.FullScreen.Tests.Screens;

/// <summary>The main window with a scripted cloud and a fake clock, without a terminal.</summary>
internal sealed class UiHarness
{
    private readonly Grid _grid = new();

    public UiHarness(int width = 140, int height = 40, bool readOnly = false)
    {
        (Width, Height) = (width, height);
        Clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddMicroseconds(Samples.Now));
        Follower = new CloudFollower(Cloud, Clock);
        var options = new MainWindowOptions("alice", Palettes.Dark, ReadOnly: readOnly)
        {
            Zone = TimeZoneInfo.Utc,
        };
        Window = new MainWindow(Cloud, Follower, Clock, options, ScreenCatalog.All);
    }

    public int Width { get; set; }
    public int Height { get; set; }
    public FakeTimeProvider Clock { get; }
    public ScriptedCloud Cloud { get; } = new();
    public CloudFollower Follower { get; }
    public MainWindow Window { get; }

    /// <summary>The current text of the screen.</summary>
    public string Text
    {
        get
        {
            Settle();
            Window.Paint(_grid, Width, Height);
            return _grid.Print();
        }
    }

    public UiHarness Receive(FeedNews update)
    {
        Cloud.Push(update);
        Settle();
        return this;
    }

    /// <summary>Presses keys, given by name and separated by spaces.</summary>
    public UiHarness Press(string keys)
    {
        Window.Paint(_grid, Width, Height);
        foreach (var key in keys.Split(' '))
        {
            Window.Press(KeyPress.Of(key));
            Settle();
        }
        return this;
    }

    public UiHarness Type(string text)
    {
        foreach (var c in text)
            Window.Press(c == ' ' ? KeyPress.Of("Space") : KeyPress.Of(c.ToString()));
        Settle();
        return this;
    }

    public UiHarness Advance(TimeSpan time)
    {
        Clock.Advance(time);
        Settle();
        return this;
    }

    private void Settle()
    {
        Follower.CatchUp();
        Window.Tick();
    }
}
