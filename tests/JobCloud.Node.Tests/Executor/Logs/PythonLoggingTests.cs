using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor.Logs;

public sealed class PythonLoggingTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    private readonly ExecutorClient _agent = fixture.Agent;

    [Fact]
    public async Task The_log_that_a_job_writes_is_kept()
    {
        var job = Job("echo one >> $JOBCLOUD_LOG; echo two >> $JOBCLOUD_LOG");

        var ended = await _agent.RunAsync(job);

        Assert.Equal("one\ntwo\n", Log(job));
        Assert.Equal(8, ended.Exit.LoggingBytes);
    }

    [Fact]
    public async Task A_job_without_log_records_leaves_no_file()
    {
        var job = Job("true");

        Assert.Equal(0, (await _agent.RunAsync(job)).Exit.LoggingBytes);
        Assert.False(File.Exists(fixture.Paths(job).Logging));
    }

    [Fact]
    public async Task A_log_over_the_limit_loses_its_oldest_bytes_and_reports_it()
    {
        var job = Job($"{Dummy("spew 5000000")} > $JOBCLOUD_LOG; printf end >> $JOBCLOUD_LOG");

        var exit = (await _agent.RunAsync(job)).Exit;

        Assert.Equal((5_000_003, 0), (exit.LoggingBytes, exit.StdoutBytes));
        Assert.InRange(exit.LoggingBytes - exit.DroppedBytes, OutputLimit / 2, OutputLimit);
        Assert.EndsWith($" {exit.DroppedBytes} 0\n", Read($"{Base(job)}.drop"));
        Assert.EndsWith("xend", Log(job));
    }

    [Fact]
    public async Task Records_are_captured_even_if_the_job_does_not_show_them()
    {
        var job = Python.Job(
            """
            import logging
            logging.getLogger("quiet").info("not %s", "shown")
            logging.getLogger("quiet").debug("too small")
            logging.warning("shown")
            logging.getLogger("own").setLevel(logging.DEBUG)
            logging.getLogger("own").debug("let through")
            """
        );

        await _agent.RunAsync(job);

        Assert.Equal(
            ["INFO quiet: not shown", "WARNING root: shown", "DEBUG own: let through"],
            Records(job)
        );
        Assert.Equal("WARNING:root:shown\nDEBUG:own:let through\n", Stderr(job));
    }

    [Fact]
    public async Task The_logging_seen_by_a_job_is_unchanged()
    {
        var script = """
            import logging, logging.config, sys
            log = logging.getLogger("a.b")
            print(log.isEnabledFor(logging.INFO), logging.root.handlers, logging.root.level)
            log.warning("last resort")
            logging.basicConfig(format="%(filename)s:%(lineno)d:%(funcName)s %(message)s")
            log.info("no")
            log.warning("yes")
            log.handle(logging.makeLogRecord({"msg": "not asked for its level", "levelno": 5}))
            logging.config.dictConfig({"version": 1})
            log.error("disabled")
            print(len(sys.meta_path), sys.path[1:2], logging.Logger.manager.disable)
            """;
        var captured = Python.Job(script);
        var alone = Python.Job(script);
        alone.Command = $"unset PYTHONPATH; {alone.Command}";

        await _agent.RunAsync(captured);
        await _agent.RunAsync(alone);

        Assert.Equal(fixture.Stdout(alone), fixture.Stdout(captured));
        Assert.Equal(Stderr(alone), Stderr(captured));
        Assert.Contains("script.py:7:<module> yes", Stderr(captured));
        Assert.Equal("ERROR a.b: disabled", Records(captured).Last());
        Assert.False(File.Exists(fixture.Paths(alone).Logging));
    }

    [Fact]
    public async Task Records_of_forks_threads_and_pools_are_captured()
    {
        var job = Python.Job(
            """
            import logging, multiprocessing, os, threading
            def work(name):
                logging.getLogger(name).info("works")
            if __name__ == "__main__":
                os.closerange(3, 50)
                thread = threading.Thread(target=work, args=("thread",))
                thread.start()
                thread.join()
                if os.fork() == 0:
                    work("fork")
                    os._exit(0)
                os.wait()
                for way in ("fork", "spawn"):
                    with multiprocessing.get_context(way).Pool(1) as pool:
                        pool.map(work, ["pool." + way])
            """
        );

        await _agent.RunAsync(job);

        Assert.Equal(
            ["INFO fork: ", "INFO pool.fork: ", "INFO pool.spawn: ", "INFO thread: "],
            Records(job).Select(line => line.Replace("works", "")).Order()
        );
    }

    [Fact]
    public async Task A_record_includes_its_traceback()
    {
        var job = Python.Job(
            """
            import logging
            try:
                1 / 0
            except ZeroDivisionError:
                logging.exception("went wrong")
            logging.info("bad %d", "arguments")
            """
        );

        var ended = await _agent.RunAsync(job);

        Assert.Equal(0, ended.Exit.Code);
        Assert.Contains("ERROR root: went wrong\nTraceback (most recent call last):\n", Log(job));
        Assert.EndsWith("ZeroDivisionError: division by zero\n", Log(job));
    }

    [Fact]
    public async Task The_jobs_own_sitecustomize_still_runs()
    {
        var job = Python.Job("import logging; logging.info('logged')");
        job.Environment.Add(new Variable { Name = "PYTHONPATH", Value = "." });
        job.Files.Add(
            new SentFile
            {
                Name = "sitecustomize.py",
                Content = Google.Protobuf.ByteString.CopyFromUtf8("print('own', __name__)"),
            }
        );

        await _agent.RunAsync(job);

        Assert.Equal("own sitecustomize\n", fixture.Stdout(job));
        Assert.Equal(["INFO root: logged"], Records(job));
    }

    [Fact]
    public async Task An_environment_variable_sets_the_level()
    {
        var script = "import logging; logging.debug('small'); logging.error('large')";
        var all = Python.Job(script);
        var none = Python.Job(script);
        all.Environment.Add(new Variable { Name = "JOBCLOUD_LOG_LEVEL", Value = "debug" });
        none.Environment.Add(new Variable { Name = "JOBCLOUD_LOG_LEVEL", Value = "off" });

        await _agent.RunAsync(all);
        await _agent.RunAsync(none);

        Assert.Equal(["DEBUG root: small", "ERROR root: large"], Records(all));
        Assert.False(File.Exists(fixture.Paths(none).Logging));
    }

    [Fact]
    public async Task Jobs_get_only_the_log_file_when_capture_is_disabled()
    {
        await using var executor = await StartAsync();
        var hello = Greeting;
        hello.Limits = new() { PythonLogging = "off" };
        await using var agent = await executor.TalkAsync(hello);
        var job = Job("echo $JOBCLOUD_LOG $PYTHONPATH");

        await agent.RunAsync(job);

        var paths = executor.Home.Attempt(new Jid(job.Jid), 1);
        Assert.Equal($"{paths.Logging}\n", await File.ReadAllTextAsync(paths.Stdout));
    }

    private string Base(StartProcess job) => $"{fixture.Paths(job).Folder}/{job.Jid}.1";

    private static string Read(string path) => File.ReadAllText(path);

    private string Log(StartProcess job) => Read(fixture.Paths(job).Logging);

    private string Stderr(StartProcess job) => Read(fixture.Paths(job).Stderr);

    /// <summary>The records without their timestamps, which take 24 characters.</summary>
    private IEnumerable<string> Records(StartProcess job) =>
        Log(job).TrimEnd('\n').Split('\n').Select(line => line[24..]);
}
