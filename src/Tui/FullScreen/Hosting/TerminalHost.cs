using System.Diagnostics;
using System.Text;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens;
using Terminal.Gui.App;
using Terminal.Gui.Input;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>How the terminal is used.</summary>
/// <param name="Driver">Of Terminal.Gui: <c>ansi</c> or <c>dotnet</c>.</param>
/// <param name="Synchronized">Pictures are shown whole (DEC mode 2026).</param>
/// <param name="Program">The headless command that has the terminal meanwhile.</param>
/// <param name="Keep">Keeps what the user chose; says why it could not.</param>
internal sealed record HostOptions(
    string Driver,
    bool Synchronized,
    string Program,
    Func<Choices, string?> Keep
);

/// <summary>Shows a frame on the terminal, and does what it wants of it.</summary>
internal sealed class TerminalHost
{
    private const string NoMouse = "\e[?1003l\e[?1002l";
    private const string Mouse = "\e[?1003l\e[?1002h\e[?1006h";

    // While keys come, pictures follow them at once; else the loop turns slowly.
    private const ushort Lively = 60;
    private const ushort Calm = 25;
    private const long LivelyMs = 2_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Frame _frame;
    private readonly HostOptions _options;
    private readonly CanvasView _view;
    private readonly Action<Exception> _log;
    private IApplication? _app;
    private Effect.RunChild? _child;
    private volatile bool _stopping;
    private volatile bool _again;
    private volatile bool _hungUp;

    public TerminalHost(Frame frame, HostOptions options, Action<Exception> log)
    {
        (_frame, _options, _log) = (frame, options, log);
        _view = new CanvasView(frame, options.Synchronized);
        Application.RemoveDefaultKeyBinding(Command.Suspend);
    }

    /// <summary>Until the user leaves.</summary>
    public void Run()
    {
        while (!_stopping)
        {
            _again = false;
            _app = Application.Create().Init(_options.Driver);
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
            else if (!_again)
            {
                break;
            }
        }
        if (!_hungUp)
            _view.Dispose();
    }

    /// <summary>From any thread: leaves as if the user did.</summary>
    /// <param name="hungUp">The terminal has gone.</param>
    public void Stop(bool hungUp) => (_hungUp, _stopping) = (hungUp, true);

    /// <summary>From any thread: after a stop (SIGSTOP) .NET has set the terminal to whole lines;
    /// it is taken anew.</summary>
    public void GoOn() => _again = true;

    /// <summary>The library waits for its reader, which reads on and on where the terminal has
    /// gone.</summary>
    private void Close(IApplication app)
    {
        if (_hungUp)
            TerminalRestore.Restore();
        else
            app.Dispose();
    }

    private void Prepare(IApplication app)
    {
        if (_frame.Palette.FewColors)
            app.Driver!.Force16Colors = true;
        app.Driver!.WriteRaw(_frame.MouseOn ? Mouse : NoMouse);
        app.Iteration += (_, _) => app.Driver?.SetCursorNeedsUpdate(false);
        app.LayoutAndDrawComplete += (_, _) => _view.Drawn();
        app.AddTimeout(Tick, OnTick);
        _frame.Invalidate();
    }

    private bool OnTick()
    {
        if (_app is not { } app)
            return false;
        // Said by signals, at any time: what they set is seen here, even if nobody ran yet when
        // they came.
        if (_stopping || _again)
            app.RequestStop(_view);
        var calm = Environment.TickCount64 - _view.LastKey > LivelyMs;
        Application.MaximumIterationsPerSecond = calm ? Calm : Lively;
        if (_frame.Tick())
            _view.SetNeedsDraw();
        while (_frame.Effects.TryDequeue(out var effect))
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
            case Effect.Copy copy:
                app.Driver?.WriteRaw(Osc52(copy.Text));
                break;
            case Effect.Mouse mouse:
                app.Driver?.WriteRaw(mouse.On ? Mouse : NoMouse);
                break;
            case Effect.Redraw:
                app.Driver?.ClearContents();
                app.LayoutAndDraw(true);
                break;
            case Effect.Keep keep:
                if (_options.Keep(keep.Choices) is { } trouble)
                    _frame.Say(trouble, ToastKind.Error);
                break;
            case Effect.RunChild child:
                _child = child;
                app.RequestStop(_view);
                break;
        }
    }

    // xterm's control sequences: OSC 52 sets the clipboard, also through ssh.
    private static string Osc52(string text) =>
        $"\e]52;c;{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}\a";

    private bool Failed(Exception failure)
    {
        _log(failure);
        _frame.Say($"Something failed inside of JobCloud: {failure.Message}", ToastKind.Error);
        return true;
    }

    /// <summary>What the child said is gone once the screens are back.</summary>
    private static void WaitForReader(string command, int exitCode)
    {
        Console.Write(
            $"\r\n'{command}' ended with {exitCode}. Press Enter to go back to JobCloud. "
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
            if (process.ExitCode != 0 && !_stopping)
                WaitForReader($"jobcloud {string.Join(' ', child.Arguments)}", process.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            _frame.Say(
                $"{_options.Program} cannot be started: {failure.Message}.",
                ToastKind.Error
            );
        }
    }
}
