using System.ComponentModel;
using System.Diagnostics;

namespace JobCloud.Testing;

/// <summary>Programs of the machine that some tests need.</summary>
public static class Tool
{
    /// <summary>Whether the program is here and ends well: what it may not do, it is tried
    /// for.</summary>
    public static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using var tried = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true }
            )!;
            tried.WaitForExit();
            return tried.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // There is no such program.
        }
    }
}
