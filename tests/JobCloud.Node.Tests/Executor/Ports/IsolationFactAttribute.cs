using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Ports;

/// <summary>A test of jobs in network namespaces of their own; skipped, with a word why, where this
/// user may not make any: not even bubblewrap can then.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IsolationFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanIsolate = new(() =>
        Tool.Succeeds("unshare", PortsFixture.Ways, "ip", "link", "set", "lo", "up")
    );

    public IsolationFactAttribute()
    {
        if (!CanIsolate.Value)
            Skip = $"this user may not make network namespaces (unshare {PortsFixture.Ways})";
    }
}
