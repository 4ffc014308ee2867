using System.Runtime.InteropServices;

namespace JobCloud.Testing.Dummy;

/// <summary>A crash that the kernel sees: the runtime turns others into exceptions.</summary>
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
