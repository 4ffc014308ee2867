using Xunit;

namespace JobCloud.Testing;

/// <summary>A test that freezes processes, which needs root and cgroups of version 1.</summary>
public sealed class FreezerFactAttribute : FactAttribute
{
    public FreezerFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess || !Directory.Exists(FrozenProcess.Root))
            Skip = "Only root can freeze processes, with cgroups of version 1.";
    }
}
