using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The agent's latest settings for all attempts.</summary>
internal sealed class ExecutionSettings
{
    private const string Bash = "/bin/bash";
    private const string Sh = "/bin/sh";

    /// <summary>Time between SIGTERM and SIGKILL.</summary>
    public long GraceMs { get; private set; } = 1_000;

    /// <summary>Time between two usage samples of jobs.</summary>
    public long SampleIntervalMs { get; private set; } = 1_000;

    /// <summary>Limit of one stream of one attempt; 0: no limit.</summary>
    public long OutputLimitBytes { get; private set; }

    /// <summary>The shell for jobs that name none and use the machine's root file system.</summary>
    public string Shell { get; private set; } = ShellOf("");

    /// <summary>Variables of the executor's own environment that jobs inherit.</summary>
    public IReadOnlyList<(string Name, string Value)> Inherited { get; private set; } = [];

    public void Apply(Hello hello)
    {
        if (hello.GraceMs > 0)
            GraceMs = hello.GraceMs;
        if (hello.SampleIntervalMs > 0)
            SampleIntervalMs = hello.SampleIntervalMs;
        OutputLimitBytes = hello.OutputLimitBytes;
        Shell = ShellOf(hello.DefaultShell);
        var inherited = new List<(string, string)>();
        foreach (var name in hello.Inherit)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                inherited.Add((name, value));
        }
        Inherited = inherited;
    }

    private static string ShellOf(string requested) =>
        requested.Length > 0 ? requested
        : Libc.access(Bash, Libc.X_OK) == 0 ? Bash
        : Sh;
}
