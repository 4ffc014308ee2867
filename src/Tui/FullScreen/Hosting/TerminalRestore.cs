using System.Diagnostics;
using System.Runtime.InteropServices;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>Restores the terminal however the program ends. Terminal.Gui does so only after a
/// normal exit, and leaves the modes on that it did not set itself.</summary>
internal static class TerminalRestore
{
    // Ends the synchronized update, bracketed paste, the mouse, colours and application keys, which
    // .NET enables with its console and when a child exits; shows the cursor (xterm control
    // sequences).
    private const string Modes =
        "\e[?2026l\e[?2004l\e[?1003l\e[?1002l\e[?1006l\e[?1015l\e[0m\e[?1l\e>\e[?25h";

    // Ends the kitty keyboard and the alternate screen. Once is right: the next level of the
    // keyboard is the shell's.
    private const string Screen = "\e[<u\e[?1049l";

    private static volatile bool _restored;

    // Keeps the registrations from being garbage-collected.
    private static PosixSignalRegistration[] _signals = [];

    /// <summary>Whether the terminal was restored: nothing must be painted any more.</summary>
    public static bool IsRestored => _restored;

    /// <summary>Quits in order on SIGTERM and SIGHUP; restores the terminal after an unhandled
    /// exception on any thread.</summary>
    /// <param name="quit">Quits as if the user did; true: the terminal has hung up.</param>
    /// <param name="resume">Initializes the terminal again after SIGCONT.</param>
    public static void Guard(Action<bool> quit, Action resume)
    {
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            quit(signal.Signal == PosixSignal.SIGHUP);
        }
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => resume()),
        ];
        AppDomain.CurrentDomain.UnhandledException += (_, _) => Restore();
    }

    /// <summary>Restores the terminal at once. Thread-safe.</summary>
    public static void Restore()
    {
        _restored = true;
        try
        {
            using var sane = Process.Start(
                new ProcessStartInfo("stty", "sane") { UseShellExecute = false }
            );
            sane?.WaitForExit(TimeSpan.FromSeconds(1));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Without stty, the terminal keeps its line settings.
        }
        Write(Screen + Modes);
    }

    /// <summary>Turns off the modes that Terminal.Gui leaves on after it has closed.</summary>
    public static void ResetModes() => Write(Modes);

    private static void Write(string sequence)
    {
        try
        {
            using var terminal = new FileStream("/dev/tty", FileMode.Open, FileAccess.Write);
            terminal.Write(System.Text.Encoding.ASCII.GetBytes(sequence));
            terminal.Flush();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The terminal is gone: there is nothing to restore.
        }
    }
}
