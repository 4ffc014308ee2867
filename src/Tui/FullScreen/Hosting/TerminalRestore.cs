using System.Diagnostics;
using System.Runtime.InteropServices;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>Restores the terminal however the program ends; Terminal.Gui does so only after a
/// normal exit.</summary>
internal static class TerminalRestore
{
    // Ends the synchronized update, the kitty keyboard, bracketed paste, the mouse, colours, the
    // alternate screen and application keys, which .NET enables when a child exits; shows the
    // cursor (xterm control sequences).
    private const string Sequence =
        "\e[?2026l\e[<u\e[?2004l\e[?1003l\e[?1002l\e[?1006l\e[?1015l\e[0m\e[?1049l\e[?1l\e>\e[?25h";

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
            using var terminal = new FileStream("/dev/tty", FileMode.Open, FileAccess.Write);
            terminal.Write(System.Text.Encoding.ASCII.GetBytes(Sequence));
            terminal.Flush();
        }
        catch (Exception failure)
            when (failure
                    is IOException
                        or UnauthorizedAccessException
                        or System.ComponentModel.Win32Exception
            )
        {
            // The terminal is gone: there is nothing to restore.
        }
    }
}
