using System.Runtime.InteropServices;
using JobCloud.Client.Processes;

namespace JobCloud.Tui.Headless.Processes;

/// <summary>System calls that .NET does not provide. Errors are numbers of errno(3).</summary>
internal static unsafe partial class Posix
{
    private const int OpenReadOnly = 0;
    private const int GetDescriptorFlags = 1; // F_GETFD
    private const int AtOnce = 0; // TCSANOW

    /// <summary>The size of struct termios: 60 bytes with glibc on Linux, and a reserve.</summary>
    private const int TerminalModeSize = 128;
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ

    /// <summary>Keeps the numbers of standard streams that are closed from being given to files and
    /// sockets, which would then receive the output. What is written there still fails.</summary>
    public static void KeepStandardDescriptors()
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
            if (fcntl(descriptor, GetDescriptorFlags, 0) < 0)
                _ = open("/dev/null", OpenReadOnly);
    }

    /// <summary>Replaces this process with another program; returns only on failure.</summary>
    public static void Exec(IReadOnlyList<string> argv)
    {
        using var arguments = new StringArray(argv);
        using var environment = new StringArray(StringArray.OfEnvironment());
        execve(argv[0], arguments.Pointer, environment.Pointer);
    }

    /// <summary>The columns of the terminal on a descriptor; 0 if it is not a terminal or reports
    /// no size. See TIOCGWINSZ(2const).</summary>
    public static int TerminalWidth(int descriptor) => TerminalSize(descriptor).Columns;

    /// <summary>The columns and rows of the terminal on a descriptor; 0 if it is not a terminal or
    /// reports no size.</summary>
    public static (int Columns, int Rows) TerminalSize(int descriptor)
    {
        // Rows, columns and two unused pixel counts.
        ushort* size = stackalloc ushort[4];
        return ioctl(descriptor, GetWindowSize, size) == 0 ? (size[1], size[0]) : default;
    }

    /// <summary>The mode of a terminal: struct termios(3). Null if the descriptor is not a
    /// terminal.</summary>
    public static byte[]? TerminalMode(int descriptor)
    {
        var mode = new byte[TerminalModeSize];
        fixed (byte* start = mode)
            return tcgetattr(descriptor, start) == 0 ? mode : null;
    }

    /// <summary>The mode with raw input: every key is passed on unchanged.</summary>
    public static byte[] RawOf(byte[] mode)
    {
        var raw = (byte[])mode.Clone();
        fixed (byte* start = raw)
            cfmakeraw(start);
        return raw;
    }

    /// <summary>Sets the mode at once, even while output is suspended. Errors are ignored, because
    /// the terminal may be gone.</summary>
    public static void SetTerminalMode(int descriptor, byte[] mode)
    {
        fixed (byte* start = mode)
            tcsetattr(descriptor, AtOnce, start);
    }

#pragma warning disable IDE1006 // The names are those of the C library.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execve(string path, byte** argv, byte** environment);

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, ushort* argument);

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, byte* mode);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int descriptor, int when, byte* mode);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(byte* mode);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
#pragma warning restore IDE1006
}
