using JobCloud.Protocol;

namespace JobCloud.Chaos;

/// <summary>The jobs of all runs.</summary>
public static class JobSpecs
{
    /// <summary>It writes what it does to a file.</summary>
    /// <param name="steps">Tenths of a second that it lives.</param>
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
