using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Tests.Executor.Attempts;

/// <summary>Test attempts without processes.</summary>
internal static class TestAttempts
{
    public static (TrackedAttempt Attempt, StartedJob Job) Started(long jid, int pid)
    {
        var paths = new AttemptPaths("/nowhere", "x");
        var launch = new Launch(paths, new StartProcess(), "/", Started: default);
        var job = new StartedJob(launch, new SpawnResult(pid, Error: 0, TickFirst: 0, TickLast: 0));
        var stage = new AttemptStage.Started(job);
        return (new(new(jid, 1), paths, new AttemptPhase.Running(), stage), job);
    }
}
