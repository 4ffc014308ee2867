using JobCloud.Protocol;

namespace JobCloud.Chaos;

/// <summary>The job specifications of all runs.</summary>
public static class JobSpecs
{
    /// <summary>A job that writes a trace to a file.</summary>
    /// <param name="steps">Duration in tenths of a second.</param>
    public static JobSpec Tracing(string file, int steps, bool restartable) =>
        new()
        {
            Command = Traces.Command(file, steps),
            Shell = "/bin/bash",
            Cores = 1,
            Priority = 5,
            MemoryBytes = 16 << 20,
            NotRestartable = !restartable,
        };
}
