using System.ComponentModel;
using System.Diagnostics;

namespace JobCloud.Testing;

/// <summary>Programs that some tests require.</summary>
public static class Tool
{
    /// <summary>Whether the program exists and succeeds, which tests permissions by
    /// trying.</summary>
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
