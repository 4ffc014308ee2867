using System.Diagnostics;
using System.Runtime.InteropServices;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The terminal is given back however the program ends: the library does so only where it
/// ends well.</summary>
internal static class TerminalRestore
{
    // Ends a synchronized picture, the kitty keyboard, bracketed paste, the mouse, colours, the
    // alternate screen and application keys, which .NET sets when a child ends; shows the cursor
    // (xterm's control sequences).
    private const string Sequence =
        "\e[?2026l\e[<u\e[?2004l\e[?1003l\e[?1002l\e[?1006l\e[?1015l\e[0m\e[?1049l\e[?1l\e>\e[?25h";

    private static volatile bool _restored;

    // Kept, or they are collected and hear nothing.
    private static PosixSignalRegistration[] _signals = [];

    /// <summary>The program is going down: nothing may be painted any more.</summary>
    public static bool IsRestored => _restored;

    /// <summary>SIGTERM and SIGHUP leave in order; a failure on any thread gives the terminal back
    /// and says what it was.</summary>
    /// <param name="leave">Leaves as if the user did; true: the terminal has hung up.</param>
    /// <param name="goOn">Takes the terminal anew: the process was stopped and goes on.</param>
    public static void Guard(Action<bool> leave, Action goOn)
    {
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            leave(signal.Signal == PosixSignal.SIGHUP);
        }
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => goOn()),
        ];
        AppDomain.CurrentDomain.UnhandledException += (_, _) => Restore();
    }

    /// <summary>At once, from any thread.</summary>
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
            // The terminal is gone, and with it what there was to restore.
        }
    }
}
