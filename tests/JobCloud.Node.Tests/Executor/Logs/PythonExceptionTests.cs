using JobCloud.Protocol.Execution;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Logs;

public sealed class PythonExceptionTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    private readonly ExecutorClient _agent = fixture.Agent;

    [Fact]
    public async Task An_exception_that_ends_a_job_is_kept_and_still_printed()
    {
        var job = Python.Job("def fail():\n    raise KeyError('missing')\nfail()");

        var exit = (await _agent.RunAsync(job)).Exit;

        Assert.Equal(1, exit.Code);
        Assert.Contains("in fail\n", Exception(job));
        Assert.EndsWith("KeyError: 'missing'\n", Exception(job));
        Assert.EndsWith("KeyError: 'missing'\n", File.ReadAllText(fixture.Paths(job).Stderr));
        Assert.Equal(new FileInfo(fixture.Paths(job).Exception).Length, exit.ExceptionBytes);
    }

    [Theory]
    [InlineData("", 15, 0, "")]
    [InlineData("signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))", 0, 7, "")]
    [InlineData(
        "signal.signal(signal.SIGTERM, lambda *_: print('own') or sys.exit(0))",
        0,
        0,
        "own\n"
    )]
    public async Task A_killed_job_shows_where_SIGTERM_reached_it_and_ends_as_without_the_capture(
        string handler,
        int signal,
        int code,
        string printed
    )
    {
        var job = Python.Job(
            $"""
            import os, queue, signal, sys, threading
            {handler}
            def work():
                open("ready", "w").close()
                queue.Queue().get()
            def beside():
                threading.Event().wait()
            threading.Thread(target=beside, daemon=True).start()
            work()
            """
        );
        _agent.Start(job);
        await Eventually.HoldsAsync(
            () => File.Exists($"{fixture.Paths(job).Directory}/ready"),
            "the job waits for the signal"
        );

        _agent.Stop(job.Jid, graceMs: 60_000);
        var exit = (await _agent.EndedAsync(job.Jid)).Exit;

        Assert.Equal((signal, code), (exit.Signal, exit.Code));
        Assert.Equal(printed, Printed(job));
        Assert.Contains("script.py\", line 5 in work\n", Exception(job));
        Assert.Contains("script.py\", line 7 in beside\n", Exception(job));
    }

    [Fact]
    public async Task A_job_that_ends_well_leaves_no_file()
    {
        var job = Python.Job("import signal; print(signal.getsignal(signal.SIGTERM))");

        Assert.Equal(0, (await _agent.RunAsync(job)).Exit.ExceptionBytes);
        Assert.Equal("0\n", fixture.Stdout(job));
        Assert.False(File.Exists(fixture.Paths(job).Exception));
    }

    [Fact]
    public async Task Tracebacks_of_many_processes_stay_within_a_limit_and_the_last_is_kept()
    {
        var job = Python.Job(
            """
            import os, sys
            for i in range(40):
                if os.fork() == 0:
                    sys.stderr = open(os.devnull, "w")
                    raise ValueError("x" * 100000 + " of %d" % i)
                os.wait()
            """
        );

        var exit = (await _agent.RunAsync(job)).Exit;

        Assert.InRange(exit.ExceptionBytes, 100_000, 1 << 20);
        Assert.EndsWith(" of 39\n", Exception(job));
    }

    /// <summary>The executor keeps no empty output.</summary>
    private string Printed(StartProcess job) =>
        File.Exists(fixture.Paths(job).Stdout) ? fixture.Stdout(job) : "";

    private string Exception(StartProcess job) => File.ReadAllText(fixture.Paths(job).Exception);
}
