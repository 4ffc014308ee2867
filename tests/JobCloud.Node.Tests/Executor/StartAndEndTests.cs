using System.Runtime.Versioning;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor;

[SupportedOSPlatform("linux")]
public sealed class StartAndEndTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    private readonly JobCloud.Testing.ExecutorClient _agent = fixture.Agent;

    [Fact]
    public async Task A_job_reports_its_start_and_then_its_end()
    {
        var job = Job("sleep 0.05");
        _agent.Start(job);

        var started = await _agent.StartedAsync(job.Jid);
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.Equal(started.StartedAt, ended.StartedAt);
        Assert.Equal(0, ended.Exit.Code);
        Assert.True(ended.EndedAt - ended.StartedAt >= 50_000);
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    [InlineData("exit 7", 7)]
    [InlineData("nosuchword | cat; exit 255", 255)]
    public async Task The_exit_status_is_reported(string command, int code)
    {
        var ended = await _agent.RunAsync(Job(command));

        Assert.Equal((code, 0, ""), (ended.Exit.Code, ended.Exit.Signal, ended.Exit.NotStarted));
    }

    [Theory]
    [InlineData("kill -TERM $$", 15)]
    [InlineData("kill -KILL $$", 9)]
    public async Task The_signal_that_ended_a_job_is_reported(string command, int signal)
    {
        Assert.Equal(signal, (await _agent.RunAsync(Job(command))).Exit.Signal);
    }

    [Fact]
    public async Task A_crash_is_reported_as_a_signal()
    {
        var ended = await _agent.RunAsync(Job(Dummy("segfault")));

        Assert.Contains(ended.Exit.Signal, new[] { 6, 11 });
    }

    [Fact]
    public async Task Output_goes_to_files()
    {
        var job = Job("echo out; echo error >&2");

        var ended = await _agent.RunAsync(job);

        Assert.Equal("out\n", fixture.Stdout(job));
        Assert.Equal("error\n", await File.ReadAllTextAsync(fixture.Paths(job).Stderr));
        Assert.Equal((4, 6), (ended.Exit.StdoutBytes, ended.Exit.StderrBytes));
    }

    [Fact]
    public async Task Output_files_are_accessible_to_their_owner_only()
    {
        var job = Job("echo secret");

        await _agent.RunAsync(job);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(fixture.Paths(job).Stdout)
        );
    }

    [Fact]
    public async Task A_job_without_output_leaves_no_file()
    {
        var job = Job("true");

        await _agent.RunAsync(job);

        Assert.Empty(
            Directory.EnumerateFileSystemEntries(fixture.Paths(job).Folder, $"{job.Jid}.*")
        );
    }

    [Fact]
    public async Task A_job_gets_its_own_variables_and_the_inherited_ones_and_no_others()
    {
        var job = Job(Dummy("env"));
        job.Environment.Add(new Variable { Name = "GREETING", Value = "hé llo" });
        job.Environment.Add(new Variable { Name = "INHERITED", Value = "mine" });

        await _agent.RunAsync(job);

        var names = fixture.Stdout(job).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("GREETING=hé llo", names);
        Assert.Contains("INHERITED=mine", names);
        Assert.Equal(
            [
                "GREETING",
                "INHERITED",
                "JOBCLOUD_DIR",
                "JOBCLOUD_EXCEPTION",
                "JOBCLOUD_LOG",
                "JOBCLOUD_MARK",
                "PATH",
                "PYTHONPATH",
            ],
            names.Select(n => n.Split('=')[0]).Order()
        );
    }

    [Fact]
    public async Task A_fresh_directory_with_files_is_kept()
    {
        var job = Job("pwd; echo content > made");

        var ended = await _agent.RunAsync(job);

        Assert.Equal(fixture.Paths(job).Directory, fixture.Stdout(job).Trim());
        Assert.True(File.Exists($"{fixture.Paths(job).Directory}/made"));
        Assert.True(ended.Usage.DiskBytes >= 4096);
    }

    [Fact]
    public async Task A_job_runs_in_its_working_directory()
    {
        var job = Job("pwd");
        job.WorkingDirectory = "/usr/bin";

        await _agent.RunAsync(job);

        Assert.Equal("/usr/bin\n", fixture.Stdout(job));
        Assert.Equal(0, (await _agent.EndedAsync(job.Jid)).Usage.DiskBytes);
        Assert.False(Directory.Exists(fixture.Paths(job).Directory));
    }

    [Fact]
    public async Task A_job_elsewhere_has_its_own_directory_with_its_sent_files_too()
    {
        var job = Job("cat $JOBCLOUD_DIR/in; head -c 9000 /dev/zero > $JOBCLOUD_DIR/out; pwd");
        job.WorkingDirectory = "/usr/bin";
        job.Files.Add(Sent("in", "sent\n"));

        var ended = await _agent.RunAsync(job);

        Assert.Equal("sent\n/usr/bin\n", fixture.Stdout(job));
        Assert.Equal(9000, new FileInfo($"{fixture.Paths(job).Directory}/out").Length);
        Assert.True(ended.Usage.DiskBytes >= 9000);
    }

    [Fact]
    public async Task A_directory_over_the_limit_is_deleted_at_the_end_and_reported()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var greeting = Greeting;
        greeting.Limits = new() { DirectoryLimitBytes = 1 << 20 };
        await using var agent = await executor.TalkAsync(greeting);
        var (small, large) = (
            Job("echo > f"),
            Job("echo result > r; mkdir d; head -c 2M /dev/zero > d/f")
        );
        large.ReturnFile = "r";

        var kept = await agent.RunAsync(small);
        var dropped = await agent.RunAsync(large);

        Assert.Equal((0, 1 << 20), (kept.Exit.DirectoryDropped, dropped.Exit.DirectoryDropped));
        Assert.True(dropped.Usage.DiskBytes >= 2 << 20);
        Assert.Equal(7, dropped.Exit.ResultBytes);
        Assert.True(Directory.Exists(PathsOf(small)));
        Assert.False(Directory.Exists(PathsOf(large)));

        string PathsOf(StartProcess job) =>
            executor.Home.Attempt(new(job.Jid), job.Attempt).Directory;
    }

    [Fact]
    public async Task The_submitters_language_replaces_that_of_the_node()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var greeting = Greeting;
        greeting.Inherit.Add("LC_NODE");
        await using var agent = await executor.TalkAsync(greeting);
        foreach (var exported in new[] { false, true })
        {
            var job = Job("echo ${LC_NODE-none}");
            job.Exported = exported;
            await agent.RunAsync(job);
            var paths = executor.Home.Attempt(new(job.Jid), job.Attempt);
            Assert.Equal(
                exported ? "none\n" : "of the node\n",
                await File.ReadAllTextAsync(paths.Stdout)
            );
        }
    }

    [Fact]
    public async Task Stdin_is_the_sent_input_or_empty()
    {
        var withInput = Job("cat");
        withInput.Stdin = ByteString.CopyFromUtf8("input\n");
        var withoutInput = Job("cat");

        await _agent.RunAsync(withInput);
        var ended = await _agent.RunAsync(withoutInput);

        Assert.Equal("input\n", fixture.Stdout(withInput));
        Assert.False(File.Exists(fixture.Paths(withInput).Stdin));
        Assert.Equal((0, 0L), (ended.Exit.Code, ended.Exit.StdoutBytes));
    }

    [Fact]
    public async Task Copies_are_moved_into_place_and_duplicate_names_get_a_number()
    {
        var job = Job("cat; ./run.sh; ls");
        job.StdinCopy = Copy("input\n");
        string[] files = [Copy("#!/bin/sh\necho ran\n"), Copy("other")];
        job.Files.Add(files.Select(copy => new SentFile { Name = "run.sh", Copy = copy }));

        await _agent.RunAsync(job);

        Assert.Equal("input\nran\nrun.sh\nrun.sh-1\n", fixture.Stdout(job));
        Assert.All([job.StdinCopy, .. files], copy => Assert.False(File.Exists(copy)));

        string Copy(string content)
        {
            var folder = Path.GetDirectoryName(fixture.Paths(job).Folder)!;
            Directory.CreateDirectory(folder);
            var path = $"{folder}/copy-{Guid.NewGuid():N}";
            File.WriteAllText(path, content);
            return path;
        }
    }

    [Fact]
    public async Task Sent_files_are_in_the_fresh_directory_and_duplicate_names_get_a_number()
    {
        var job = Job("./run.sh; ls");
        job.Files.Add(Sent("run.sh", "#!/bin/sh\necho ran\n"));
        job.Files.Add(Sent("run.sh", "other"));

        await _agent.RunAsync(job);

        Assert.Equal("ran\nrun.sh\nrun.sh-1\n", fixture.Stdout(job));
    }

    [Fact]
    public async Task A_script_without_an_interpreter_line_runs_in_sh()
    {
        var job = Job("./script word");
        job.Files.Add(Sent("script", "echo got $1\n"));

        await _agent.RunAsync(job);

        Assert.Equal("got word\n", fixture.Stdout(job));
    }

    [Fact]
    public async Task The_return_file_is_copied_byte_for_byte()
    {
        var job = Job("printf 'a\\000\\377b' > result.bin");
        job.ReturnFile = "result.bin";

        var ended = await _agent.RunAsync(job);

        Assert.Equal(("", 4), (ended.Exit.ResultTrouble, ended.Exit.ResultBytes));
        Assert.Equal(
            [(byte)'a', 0, 255, (byte)'b'],
            await File.ReadAllBytesAsync(fixture.Paths(job).Result)
        );
    }

    [Theory]
    [InlineData("true", "does not exist")]
    [InlineData("mkfifo result", "is not a regular file")]
    [InlineData("mkdir result", "is not a regular file")]
    [InlineData("truncate -s 128000001 result", "the limit is 128000000")]
    public async Task A_return_file_that_cannot_be_copied_is_named(string command, string reason)
    {
        var job = Job(command);
        job.ReturnFile = "result";

        var ended = await _agent.RunAsync(job);

        Assert.Contains(reason, ended.Exit.ResultTrouble);
        Assert.Contains($"{fixture.Paths(job).Directory}/result", ended.Exit.ResultTrouble);
        Assert.False(File.Exists(fixture.Paths(job).Result));
    }

    [Fact]
    public async Task The_files_of_a_forgotten_attempt_are_removed()
    {
        var job = Job("echo text; mkdir -p deep/deeper; touch deep/deeper/file");
        await _agent.RunAsync(job);
        _agent.Accept(job.Jid);

        _agent.Send(
            new ToExecutor
            {
                Forget = new() { Jid = job.Jid, Attempt = 1 },
            }
        );

        await JobCloud.Testing.Eventually.HoldsAsync(
            () =>
                !Directory.Exists(fixture.Paths(job).Directory)
                && !File.Exists(fixture.Paths(job).Stdout),
            "its files were removed"
        );
    }

    [Fact]
    public async Task A_known_attempt_is_reported_again_but_not_restarted()
    {
        var job = Job("echo once; until [ -e go ]; do sleep 0.01; done");
        _agent.Start(job);
        var first = await _agent.StartedAsync(job.Jid);
        _agent.Start(job);
        await _agent.WaitForAsync(_ => CountOf(job, ended: false) == 2, "the start again");
        await File.WriteAllTextAsync($"{fixture.Paths(job).Directory}/go", "");
        await _agent.EndedAsync(job.Jid);
        _agent.Start(job);

        await _agent.WaitForAsync(_ => CountOf(job, ended: true) == 2, "the end again");

        Assert.Equal(2, CountOf(job, ended: false));
        Assert.Equal(first.StartedAt, (await _agent.EndedAsync(job.Jid)).StartedAt);
        Assert.Equal("once\n", fixture.Stdout(job));
    }

    [Fact]
    public async Task A_thousand_short_jobs_leave_no_process_and_no_file()
    {
        var jobs = Enumerable.Range(0, 1_000).Select(_ => Job("true")).ToArray();

        _agent.Send([.. jobs.Select(job => new ToExecutor { Start = job })]);
        foreach (var job in jobs)
            Assert.Equal(0, (await _agent.EndedAsync(job.Jid)).Exit.Code);

        foreach (var job in jobs)
            Assert.Empty(
                Directory.EnumerateFileSystemEntries(fixture.Paths(job).Folder, $"{job.Jid}.*")
            );
        Assert.DoesNotContain("true", ProcessesOf.Descendants(fixture.Executor.Pid));
    }

    private int CountOf(StartProcess job, bool ended) =>
        _agent.Count(m => (ended ? m.Ended?.Jid : m.Started?.Jid) == job.Jid);

    private static SentFile Sent(string name, string content) =>
        new() { Name = name, Content = ByteString.CopyFromUtf8(content) };
}
