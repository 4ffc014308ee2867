namespace JobCloud.Node.Tests.Executor;

/// <summary>A measurement: run by hand, with <c>JOBCLOUD_BENCH=1</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BenchFactAttribute : FactAttribute
{
    public BenchFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("JOBCLOUD_BENCH") is null)
            Skip = "a measurement, run by hand";
    }
}
