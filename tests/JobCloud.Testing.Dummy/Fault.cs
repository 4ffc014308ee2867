using System.Runtime.InteropServices;

namespace JobCloud.Testing.Dummy;

/// <summary>A crash handled by the kernel; the runtime turns other crashes into
/// exceptions.</summary>
internal static partial class Fault
{
    private const int SIGSEGV = 11;

    public static int Crash()
    {
        _ = signal(SIGSEGV, 0);
        Marshal.WriteByte(nint.Zero + 1, 1);
        return 0;
    }

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);
}
