using System.Runtime.InteropServices;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The shell's control of the program.</summary>
internal static partial class JobControl
{
    private const int OwnGroup = 0;
    private const int SIGTSTP = 20;

    /// <summary>Stops the processes of this program, as Ctrl+Z does in a terminal's line
    /// mode.</summary>
    public static void StopGroup() => _ = kill(OwnGroup, SIGTSTP);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
