using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>What the agent wants for all attempts, as it last said.</summary>
internal sealed class AgentWishes
{
    private const string Bash = "/bin/bash";
    private const string Sh = "/bin/sh";

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public long GraceMs { get; private set; } = 1_000;

    /// <summary>Between looks at what jobs use.</summary>
    public long SampleIntervalMs { get; private set; } = 1_000;

    /// <summary>Of one stream of one attempt; 0: no limit.</summary>
    public long OutputLimitBytes { get; private set; }

    /// <summary>The shell of jobs that name none, on the machine's root.</summary>
    public string Shell { get; private set; } = ShellOf("");

    /// <summary>Variables that jobs have from the executor's own environment.</summary>
    public IReadOnlyList<(string Name, string Value)> Inherited { get; private set; } = [];

    public void Follow(Hello hello)
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

    private static string ShellOf(string wanted) =>
        wanted.Length > 0 ? wanted
        : Libc.access(Bash, Libc.X_OK) == 0 ? Bash
        : Sh;
}
