using System.Diagnostics;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor.Logs;

public sealed class ProfileTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    private const string Slow = """
        import sys
        def slow():
            return sum(i * i for i in range(200000))
        slow()
        """;

    private readonly ExecutorClient _agent = fixture.Agent;

    [Fact]
    public async Task A_Python_profile_is_sorted_by_cumulative_time()
    {
        var job = Profiled(Python.Job(Slow, "argument"));

        var exit = (await _agent.RunAsync(job)).Exit;

        var lines = Profile(job).Split('\n');
        Assert.Equal((0, ""), (exit.Code, exit.ProfileTrouble));
        Assert.Equal(exit.ProfileBytes, new FileInfo(fixture.Paths(job).Profile).Length);
        Assert.EndsWith(": script.py argument", lines[0]);
        Assert.Contains("script.py:1(<module>)", lines[6]);
        Assert.Contains("(slow)", lines[7]);
    }

    [Fact]
    public async Task Profiling_does_not_change_how_a_job_ends()
    {
        var exits = Profiled(Python.Job($"{Slow}\nsys.exit(7)"));
        var raises = Profiled(Python.Job($"{Slow}\nraise ValueError('bad')"));
        var dies = Profiled(Python.Job("import os; os.kill(os.getpid(), 9)"));

        Assert.Equal(7, (await _agent.RunAsync(exits)).Exit.Code);
        Assert.Equal(1, (await _agent.RunAsync(raises)).Exit.Code);
        var killed = (await _agent.RunAsync(dies)).Exit;

        Assert.Contains("(slow)", Profile(exits));
        Assert.Contains("(slow)", Profile(raises));
        Assert.Contains(
            "ValueError: bad",
            await File.ReadAllTextAsync(fixture.Paths(raises).Stderr)
        );
        Assert.Equal((9, 0), (killed.Signal, killed.ProfileBytes));
        Assert.StartsWith("Python wrote no profile", killed.ProfileTrouble);
    }

    [Fact]
    public async Task A_Python_child_of_a_Python_job_is_profiled()
    {
        var job = Profiled(
            Python.Job(
                """
                import subprocess, sys
                subprocess.run([sys.executable, "-c", "def below(): pass\nbelow()"])
                """
            )
        );

        await _agent.RunAsync(job);

        Assert.Contains("(below)", Profile(job));
        Assert.Contains(": script.py\n", Profile(job));
    }

    [Fact]
    public async Task A_job_without_the_option_has_no_profile()
    {
        var job = Python.Job(Slow);

        var exit = (await _agent.RunAsync(job)).Exit;

        Assert.Equal((0, ""), (exit.ProfileBytes, exit.ProfileTrouble));
        Assert.False(File.Exists(fixture.Paths(job).Profile));
    }

    [Fact]
    public async Task Other_jobs_are_sampled_or_report_the_reason()
    {
        var job = Profiled(Job($"{Dummy("burn 1")} & wait; exit 4"));

        var exit = (await _agent.RunAsync(job)).Exit;

        Assert.Equal(4, exit.Code);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(fixture.Paths(job).Folder, $"{job.Jid}.1.*"),
            IsLeftOver
        );
        if (!CanSample())
        {
            Assert.Contains("perf", exit.ProfileTrouble);
            return;
        }
        Assert.Equal("", exit.ProfileTrouble);
        Assert.True(Profile(job).Contains("dummy"), Profile(job));
        Assert.InRange(exit.ProfileBytes, 100, 65_536);
    }

    [Fact]
    public async Task A_killed_job_keeps_its_samples()
    {
        var job = Profiled(Job("echo ready; while true; do true; done"));
        _agent.Start(job);
        await fixture.WaitForOutputAsync(job);

        _agent.Stop(job.Jid);
        var exit = (await _agent.EndedAsync(job.Jid)).Exit;

        Assert.Equal(15, exit.Signal);
        Assert.NotEqual(exit.ProfileBytes > 0, exit.ProfileTrouble.Length > 0);
    }

    private static StartProcess Profiled(StartProcess job)
    {
        job.Profile = true;
        return job;
    }

    private static bool IsLeftOver(string file) =>
        !((string[])[".prof", ".err", ".out", ".tl"]).Contains(Path.GetExtension(file));

    private string Profile(StartProcess job) => File.ReadAllText(fixture.Paths(job).Profile);

    private static bool CanSample()
    {
        try
        {
            var start = new ProcessStartInfo("perf", "record -q -o /dev/null true")
            {
                RedirectStandardError = true,
            };
            using var perf = Process.Start(start)!;
            perf.WaitForExit();
            return perf.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
