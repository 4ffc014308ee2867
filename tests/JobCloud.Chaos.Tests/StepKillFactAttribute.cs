namespace JobCloud.Chaos.Tests;

/// <summary>A test that kills nodes at steps, and is skipped on machines without a C
/// compiler.</summary>
public sealed class StepKillFactAttribute : FactAttribute
{
    public StepKillFactAttribute()
    {
        if (!StepKills.IsHere)
            Skip = "There is no C compiler at /usr/bin/cc.";
    }
}
