using System.ComponentModel;
using System.Diagnostics;

namespace JobCloud.Node.Tests.Executor.Ports;

/// <summary>A test of jobs in network namespaces of their own; skipped, with a word why, where this
/// user may not make any: not even bubblewrap can then.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IsolationFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanIsolate = new(TryIt);

    public IsolationFactAttribute()
    {
        if (!CanIsolate.Value)
            Skip = $"this user may not make network namespaces (unshare {PortsFixture.Ways})";
    }

    private static bool TryIt()
    {
        try
        {
            using var tried = Process.Start(
                new ProcessStartInfo(
                    "unshare",
                    [PortsFixture.Ways, "ip", "link", "set", "lo", "up"]
                )
                {
                    RedirectStandardError = true,
                }
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
