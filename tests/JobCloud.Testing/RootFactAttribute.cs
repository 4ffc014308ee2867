using Xunit;

namespace JobCloud.Testing;

/// <summary>A test that starts processes as other accounts, and is skipped if root does not run
/// it.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "Only root can start processes as other accounts.";
    }
}
