using System.Runtime.InteropServices;

namespace JobCloud.Testing.Dummy;

/// <summary>Leaves a daemon behind, as daemons are made: fork, a new session, fork again.</summary>
internal static unsafe partial class ForkAway
{
    /// <summary>The daemon sleeps for so many seconds; its caller goes on at once.</summary>
    public static int Sleep(string seconds)
    {
        var program = (byte*)Marshal.StringToCoTaskMemUTF8("/bin/sleep");
        var argument = (byte*)Marshal.StringToCoTaskMemUTF8(seconds);
        var arguments = stackalloc byte*[] { program, argument, null };
        // Bound before the fork: in the child nothing but these calls is safe.
        _ = getpid();
        if (fork() == 0)
        {
            _ = setsid();
            if (fork() == 0)
                _ = execv(program, arguments);
            _exit(0);
        }
        return 0;
    }

    [LibraryImport("libc")]
    private static partial int getpid();

    [LibraryImport("libc")]
    private static partial int fork();

    [LibraryImport("libc")]
    private static partial int setsid();

    [LibraryImport("libc")]
    private static partial int execv(byte* program, byte** arguments);

    [LibraryImport("libc")]
    private static partial void _exit(int code);
}
