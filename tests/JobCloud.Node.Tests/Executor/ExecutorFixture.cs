using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor;

/// <summary>One executor and its agent, shared by the tests of a class; each test uses its own
/// jids.</summary>
public class ExecutorFixture : IAsyncLifetime
{
    public const long OutputLimit = 1_000_000;
    private static long _lastJid;

    protected virtual CgroupUse Cgroups => CgroupUse.Auto;

    public ExecutorProcess Executor { get; private set; } = null!;
    public ExecutorClient Agent { get; private set; } = null!;

    public static Hello Greeting =>
        new()
        {
            Session = 1,
            GraceMs = 300,
            SampleIntervalMs = 100,
            OutputLimitBytes = OutputLimit,
            Inherit = { "PATH", "INHERITED" },
        };

    public async Task InitializeAsync()
    {
        Executor = await ExecutorProcess.StartAsync();
        var greeting = Greeting;
        greeting.Limits = new() { Cgroups = Cgroups };
        Agent = await Executor.TalkAsync(greeting);
    }

    public async Task DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Executor.DisposeAsync();
    }

    /// <summary>Returns the first attempt of a new job.</summary>
    public static StartProcess Job(string command) =>
        new()
        {
            Jid = Interlocked.Increment(ref _lastJid),
            Attempt = 1,
            Command = command,
        };

    public AttemptPaths Paths(StartProcess job) =>
        Executor.Home.Attempt(new Jid(job.Jid), job.Attempt);

    public string Stdout(StartProcess job) => File.ReadAllText(Paths(job).Stdout);

    /// <summary>Waits until the job has written this much to stdout.</summary>
    public Task WaitForOutputAsync(StartProcess job, int bytes = 1) =>
        Eventually.HoldsAsync(
            () => new FileInfo(Paths(job).Stdout) is { Exists: true } file && file.Length >= bytes,
            $"output of {job.Jid}"
        );
}

/// <summary>An executor without cgroups, which finds the processes of jobs only by /proc.</summary>
public sealed class WithoutCgroupsFixture : ExecutorFixture
{
    protected override CgroupUse Cgroups => CgroupUse.Off;
}
