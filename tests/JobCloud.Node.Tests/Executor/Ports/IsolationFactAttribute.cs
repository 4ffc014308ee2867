using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Ports;

/// <summary>A test of jobs in their own network namespaces. Skipped with a reason where this user
/// cannot create any, because then bubblewrap cannot either.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IsolationFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanIsolate = new(() =>
        Tool.Succeeds("unshare", PortsFixture.UnshareOptions, "ip", "link", "set", "lo", "up")
    );

    public IsolationFactAttribute()
    {
        if (!CanIsolate.Value)
            Skip =
                $"this user cannot create network namespaces (unshare {PortsFixture.UnshareOptions})";
    }
}
