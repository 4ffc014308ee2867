using System.Diagnostics;
using System.Text;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Theme;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>Options of the terminal host.</summary>
/// <param name="Driver">The Terminal.Gui driver: <c>ansi</c> or <c>dotnet</c>.</param>
/// <param name="Synchronized">Frames are drawn as synchronized updates (DEC mode 2026).</param>
/// <param name="Program">The headless command to run as a child.</param>
/// <param name="SavePreferences">Saves the user's preferences; returns an error message, or
/// null.</param>
internal sealed record HostOptions(
    string Driver,
    bool Synchronized,
    string Program,
    Func<Preferences, string?> SavePreferences
)
{
    /// <summary>The colours that the terminal shows.</summary>
    public ColorDepth Depth { get; init; } = ColorDepth.Full;

    /// <summary>Whether the theme follows the background that the terminal reports.</summary>
    public bool FollowsGround { get; init; }
}

/// <summary>Runs the UI on the terminal: draws it and performs its effects.</summary>
internal sealed class TerminalHost
{
    private const string NoMouse = "\e[?1003l\e[?1002l";
    private const string Mouse = "\e[?1003l\e[?1002h\e[?1006h";

    // The main loop runs faster for a while after each key.
    private const ushort BusyRate = 60;
    private const ushort IdleRate = 25;
    private const long BusyMs = 2_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SuspendLimit = TimeSpan.FromSeconds(1);

    private readonly MainWindow _window;
    private readonly HostOptions _options;
    private readonly CanvasView _view;
    private readonly Action<Exception> _log;
    private IApplication? _app;
    private readonly ManualResetEventSlim _resumed = new();
    private Effect.RunChild? _child;
    private bool _suspend;
    private volatile bool _stopping;
    private volatile bool _restart;
    private volatile bool _hungUp;

    public TerminalHost(MainWindow window, HostOptions options, Action<Exception> log)
    {
        (_window, _options, _log) = (window, options, log);
        _view = new CanvasView(window, options.Synchronized);
        Application.RemoveDefaultKeyBinding(Command.Suspend);
    }

    /// <summary>Runs until the user quits.</summary>
    public void Run()
    {
        while (!_stopping)
        {
            _restart = false;
            _app =
                _options.Driver == DriverRegistry.Names.ANSI
                    ? TerminalDriver.Start(_options.Depth == ColorDepth.Indexed)
                    : Application.Create().Init(_options.Driver);
            try
            {
                Prepare(_app);
                _app.Run(_view, Failed);
            }
            finally
            {
                Close(_app);
                _app = null;
            }
            if (_child is { } child)
            {
                _child = null;
                RunChild(child);
            }
            else if (_suspend)
            {
                _suspend = false;
                Suspend();
            }
            else if (!_restart)
            {
                break;
            }
        }
        if (!_hungUp)
            _view.Dispose();
    }

    /// <summary>Quits as if the user did. Thread-safe.</summary>
    /// <param name="hungUp">Whether the terminal has hung up.</param>
    public void Stop(bool hungUp) => (_hungUp, _stopping) = (hungUp, true);

    /// <summary>Initializes the terminal again: after SIGSTOP and SIGCONT, .NET has left it in line
    /// mode. Thread-safe.</summary>
    public void Resume()
    {
        _restart = true;
        _resumed.Set();
    }

    /// <summary>Closes Terminal.Gui. After a hangup it is not disposed: that waits for its input
    /// reader, which never ends.</summary>
    private void Close(IApplication app)
    {
        if (_hungUp)
            TerminalRestore.Restore();
        else
        {
            app.Dispose();
            TerminalRestore.ResetModes();
        }
    }

    /// <summary>Stops the program until the shell continues it.</summary>
    private void Suspend()
    {
        _resumed.Reset();
        JobControl.StopGroup();
        // Without a shell that could continue it, the kernel does not stop it.
        _resumed.Wait(SuspendLimit);
    }

    private void Prepare(IApplication app)
    {
        app.Driver!.Force16Colors = _window.Palette.FewColors;
        if (_options.FollowsGround)
        {
            app.Driver.DefaultAttributeChanged += (_, _) => FollowGround(app);
            FollowGround(app);
        }
        app.Driver.WriteRaw(_window.MouseOn ? Mouse : NoMouse);
        app.Paste += (_, pasted) =>
        {
            _view.Paste(pasted.Text);
            pasted.Handled = true;
        };
        app.Iteration += (_, _) => app.Driver?.SetCursorNeedsUpdate(false);
        app.LayoutAndDrawComplete += (_, _) => _view.EndUpdate();
        app.AddTimeout(Tick, OnTick);
        _window.Invalidate();
    }

    /// <summary>Takes the theme for the terminal's background. The terminal answers after the first
    /// frame, or never.</summary>
    private void FollowGround(IApplication app)
    {
        if (_window.Preferences.Theme is not null || app.Driver?.DefaultAttribute is not { } look)
            return;
        _window.Palette = Arguments.Reduced(
            Palettes.OnGround(Palettes.IsLight(look.Background)),
            _options.Depth
        );
        _window.Invalidate();
        _view.SetNeedsDraw();
    }

    private bool OnTick()
    {
        if (_app is not { } app)
            return false;
        // Signal handlers set these flags at any time, even before the application runs.
        if (_stopping || _restart)
            app.RequestStop(_view);
        var isIdle = Environment.TickCount64 - _view.LastKey > BusyMs;
        Application.MaximumIterationsPerSecond = isIdle ? IdleRate : BusyRate;
        if (_window.Tick())
            _view.SetNeedsDraw();
        while (_window.Effects.TryDequeue(out var effect))
            Do(app, effect);
        return true;
    }

    private void Do(IApplication app, Effect effect)
    {
        switch (effect)
        {
            case Effect.Quit:
                app.RequestStop(_view);
                break;
            case Effect.Suspend:
                _suspend = true;
                app.RequestStop(_view);
                break;
            case Effect.Copy copy:
                app.Driver?.WriteRaw(Osc52(copy.Text));
                break;
            case Effect.Notify notify:
                app.Driver?.WriteRaw(Osc9(notify.Text));
                break;
            case Effect.Mouse mouse:
                app.Driver?.WriteRaw(mouse.On ? Mouse : NoMouse);
                break;
            case Effect.Redraw:
                app.Driver?.ClearContents();
                app.LayoutAndDraw(true);
                break;
            case Effect.SavePreferences keep:
                if (_options.SavePreferences(keep.Choices) is { } error)
                    _window.ShowToast(error, ToastKind.Error);
                break;
            case Effect.RunChild child:
                _child = child;
                app.RequestStop(_view);
                break;
        }
    }

    // xterm control sequence: OSC 52 sets the clipboard, also over ssh.
    private static string Osc52(string text) =>
        $"\e]52;c;{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}\a";

    // The bell, and xterm control sequence OSC 9: a notification of the desktop.
    private static string Osc9(string text) => $"\a\e]9;{VisibleText.Of(text)}\a";

    private bool Failed(Exception failure)
    {
        _log(failure);
        _window.ShowToast($"Internal error: {failure.Message}", ToastKind.Error);
        return true;
    }

    /// <summary>Waits for Enter so that the child's output can be read before the UI
    /// redraws.</summary>
    private static void WaitForReader(string command, int exitCode)
    {
        Console.Write(
            $"\r\n'{VisibleText.Of(command)}' exited with code {exitCode}. Press Enter to return to JobCloud. "
        );
        Console.ReadLine();
    }

    private void RunChild(Effect.RunChild child)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(_options.Program, child.Arguments) { UseShellExecute = false }
            );
            process!.WaitForExit();
            if ((process.ExitCode != 0 || child.Waits) && !_stopping)
                WaitForReader($"jobcloud {string.Join(' ', child.Arguments)}", process.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            _window.ShowToast(
                $"Cannot start {_options.Program}: {failure.Message}.",
                ToastKind.Error
            );
        }
    }
}
