using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Jobs in real sandboxes. Where the machine cannot create sandboxes, the tests check that
/// the jobs are refused with the reason.</summary>
public sealed class SandboxTests : IClassFixture<ExecutorFixture>, IDisposable
{
    private readonly ExecutorFixture _fixture;
    private readonly ExecutorClient _agent;
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-box-").FullName;

    public SandboxTests(ExecutorFixture fixture) => (_fixture, _agent) = (fixture, fixture.Agent);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_private_network_has_only_the_loopback_interface()
    {
        var job = Job("while read a b; do echo $a; done < /proc/net/dev; pwd");
        job.IsolateNetwork = true;
        if (await RunAsync(job) is null)
            return;

        Assert.Equal(
            $"Inter-|\nface\nlo:\n{_fixture.Paths(job).Directory}\n",
            _fixture.Stdout(job)
        );
    }

    [Theory]
    [InlineData("exit 0", 0, 0)]
    [InlineData("exit 3", 3, 0)]
    [InlineData("exit 137", 137, 0)]
    [InlineData("exit 255", 255, 0)]
    [InlineData("kill -SEGV $$", 0, 11)]
    [InlineData("kill -KILL $$", 0, 9)]
    [InlineData("kill -TERM $$", 0, 15)]
    public async Task Exit_codes_and_signals_are_the_jobs_own(string command, int code, int signal)
    {
        var job = Job(command);
        job.IsolateNetwork = true;
        if (await RunAsync(job) is { } ended)
            Assert.Equal((code, signal), (ended.Exit.Code, ended.Exit.Signal));
    }

    [Fact]
    public async Task A_volume_is_writable_unless_it_is_read_only()
    {
        var (open, shut) = (Folder("open"), Folder("shut"));
        await File.WriteAllTextAsync($"{shut}/in", "from outside\n");
        var job = Job($"cat {At}/shut/in > {At}/open/out; echo no > {At}/shut/new || echo refused");
        job.Volumes.Add(Volume(open, $"{At}/open"));
        job.Volumes.Add(Volume(shut, $"{At}/shut", readOnly: true));
        var mounts = await File.ReadAllTextAsync("/proc/self/mountinfo");
        if (await RunAsync(job) is null)
            return;

        Assert.Equal("refused\n", _fixture.Stdout(job));
        Assert.Equal("from outside\n", await File.ReadAllTextAsync($"{open}/out"));
        Assert.False(File.Exists($"{shut}/new"));
        Assert.Equal(mounts, await File.ReadAllTextAsync("/proc/self/mountinfo"));
    }

    [Fact]
    public async Task The_working_directory_and_the_return_file_can_be_in_a_volume()
    {
        var volume = Folder("work");
        Directory.CreateDirectory($"{volume}/deep");
        var job = Job("pwd; echo made > ../result");
        job.Volumes.Add(Volume(volume, $"{At}/work"));
        (job.WorkingDirectory, job.ReturnFile) = ($"{At}/work/deep", $"{At}/work/result");
        if (await RunAsync(job) is not { } ended)
            return;

        Assert.Equal($"{At}/work/deep\n", _fixture.Stdout(job));
        Assert.Equal(("", 5L), (ended.Exit.ResultTrouble, ended.Exit.ResultBytes));
    }

    [Fact]
    public async Task A_job_sees_only_its_root_file_system()
    {
        var root = Folder("root");
        await SmallRoot.MakeAsync(root);
        var job = InRoot(
            root,
            "read word < /etc/motd; echo $word; echo new > /etc/new; [ -e /usr/bin/env ] || echo bare; echo x > here; pwd"
        );
        job.ReturnFile = "here";
        if (await RunAsync(job) is not { } ended)
            return;

        Assert.Equal($"small\nbare\n{_fixture.Paths(job).Directory}\n", _fixture.Stdout(job));
        Assert.Equal(2, ended.Exit.ResultBytes);
        Assert.Equal("new\n", await File.ReadAllTextAsync($"{root}/etc/new"));
    }

    [Fact]
    public async Task The_log_of_a_job_in_a_root_is_kept()
    {
        var root = Folder("root");
        await SmallRoot.MakeAsync(root);
        var silent = InRoot(root, "true");
        var job = InRoot(root, "echo word >> $JOBCLOUD_LOG");
        if (await RunAsync(job) is not { } ended)
            return;
        await RunAsync(silent);

        Assert.Equal("word\n", await File.ReadAllTextAsync(_fixture.Paths(job).Logging));
        Assert.Equal(5, ended.Exit.LoggingBytes);
        Assert.False(File.Exists(_fixture.Paths(silent).Logging));
    }

    [Fact]
    public async Task A_read_only_root_is_unchanged_but_tmp_is_writable()
    {
        var root = Folder("root");
        await SmallRoot.MakeAsync(root);
        var contentBefore = SmallRoot.Content(root);
        var job = InRoot(
            root,
            "echo 1 > /etc/new || echo refused; echo 2 > /tmp/t && echo own; echo 3 > here && echo here; echo 4 > /vol/v/out"
        );
        job.EnvironmentDefinition.ReadOnly = true;
        job.Volumes.Add(Volume(Folder("v"), "/vol/v"));
        if (await RunAsync(job) is null)
            return;

        Assert.Equal("refused\nown\nhere\n", _fixture.Stdout(job));
        Assert.Equal(contentBefore, SmallRoot.Content(root));
        Assert.Equal("4\n", await File.ReadAllTextAsync($"{_folder}/v/out"));
    }

    [Fact]
    public async Task A_program_missing_in_a_root_is_named()
    {
        var root = Folder("root");
        await SmallRoot.MakeAsync(root);
        var job = InRoot(root, "cat /etc/motd");
        _agent.Start(job);

        var ended = await _agent.EndedAsync(job.Jid);

        Assert.Equal(
            CannotMount.Length > 0 ? Refusal : "no such program in PATH: cat",
            ended.Exit.NotStarted
        );
    }

    [Fact]
    public async Task A_setup_line_runs_inside_the_root()
    {
        var root = Folder("root");
        await SmallRoot.MakeAsync(root);
        var job = InRoot(root, "echo $word");
        job.EnvironmentDefinition.Setup = "read word < /etc/motd";
        if (await RunAsync(job) is not null)
            Assert.Equal("small\n", _fixture.Stdout(job));
    }

    [Fact]
    public async Task A_kill_reaches_all_processes_of_a_job_in_a_sandbox()
    {
        var job = Job(
            $"{Dummy("fork-away 60")} & trap 'echo cleaned; exit 5' TERM; echo ready; while :; do sleep 0.01; done"
        );
        job.IsolateNetwork = true;
        _agent.Start(job);
        if (CannotIsolate.Length > 0)
        {
            Assert.Contains(CannotIsolate, (await _agent.EndedAsync(job.Jid)).Exit.NotStarted);
            return;
        }
        await _fixture.WaitForOutputAsync(job);
        // bubblewrap exits for the job; only processes inside the sandbox remain.
        var outside = NetworkOf(Environment.ProcessId);
        var inside = new List<string>();
        await Eventually.HoldsAsync(
            () =>
                (inside = [.. MarkedBy(job).Select(NetworkOf)]).Count >= 2
                && !inside.Contains(outside),
            "the job forked away and bubblewrap exited"
        );
        var network = inside.First(name => name.Length > 0);

        _agent.Stop(job.Jid, graceMs: 10_000);
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.Equal((5, 0), (ended.Exit.Code, ended.Exit.Signal));
        Assert.Equal("ready\ncleaned\n", _fixture.Stdout(job));
        Assert.Empty(MarkedBy(job));
        Assert.DoesNotContain(network, Pids().Select(NetworkOf));
    }

    [Fact]
    public async Task The_exit_code_of_a_job_that_leaves_its_session_is_reported()
    {
        var job = Job("setsid sh -c 'exit 6'");
        job.IsolateNetwork = true;
        if (await RunAsync(job) is { } ended)
            Assert.Equal((6, 0), (ended.Exit.Code, ended.Exit.Signal));
    }

    [Fact]
    public async Task Many_short_jobs_each_report_their_own_end()
    {
        var jobs = Enumerable
            .Range(0, 20)
            .Select(i =>
            {
                var job = Job($"exit {i}");
                job.IsolateNetwork = true;
                return job;
            })
            .ToList();
        foreach (var job in jobs)
            _agent.Start(job);
        for (var i = 0; i < jobs.Count; i++)
        {
            var ended = await _agent.EndedAsync(jobs[i].Jid);
            if (CannotIsolate.Length == 0)
                Assert.Equal((i, 0), (ended.Exit.Code, ended.Exit.Signal));
            else
                Assert.Contains(CannotIsolate, ended.Exit.NotStarted);
        }
    }

    [Fact]
    public async Task A_missing_volume_directory_is_named_at_the_start()
    {
        var job = Job("true");
        job.Volumes.Add(Volume($"{_folder}/gone", $"{At}/gone"));

        var ended = await _agent.RunAsync(job);

        Assert.Equal(
            CannotMount.Length > 0
                ? Refusal
                : $"directory {_folder}/gone of volume gone does not exist or is not accessible",
            ended.Exit.NotStarted
        );
    }

    [Fact]
    public async Task The_error_of_bubblewrap_is_the_reason_for_a_failed_sandbox()
    {
        var job = Job("true");
        await File.WriteAllTextAsync($"{_folder}/file", "");
        job.Volumes.Add(Volume(Folder("v"), $"{_folder}/file/below"));

        var ended = await _agent.RunAsync(job);

        Assert.StartsWith(
            CannotMount.Length > 0 ? Refusal : "its sandbox cannot be created: bwrap: ",
            ended.Exit.NotStarted
        );
    }

    [Fact]
    public async Task The_next_executor_kills_the_processes_that_a_crashed_one_left_in_a_sandbox()
    {
        await using var first = await ExecutorProcess.StartAsync();
        var job = Job("echo ready; sleep 60 & sleep 60");
        job.IsolateNetwork = true;
        await using (var agent = await first.TalkAsync(Greeting))
        {
            agent.Start(job);
            if (CannotIsolate.Length > 0)
            {
                Assert.Contains(CannotIsolate, (await agent.EndedAsync(job.Jid)).Exit.NotStarted);
                return;
            }
            var stdout = first.Home.Attempt(new Jid(job.Jid), 1).Stdout;
            await Eventually.HoldsAsync(
                () => MarkedBy(job, first).Count == 5 && File.Exists(stdout),
                "the job started its processes, beside the two that keep its namespace"
            );
            await first.CrashAsync();
        }

        await using var second = await ExecutorProcess.StartAsync(first.Home);

        Assert.Empty(MarkedBy(job, first));
    }

    [Fact]
    public async Task Without_bubblewrap_a_job_that_needs_it_is_not_started()
    {
        await using var executor = await ExecutorProcess.StartAsync(path: "/nonexistent");
        await using var agent = await executor.TalkAsync(Greeting);
        const string Missing = "bubblewrap (bwrap) is not installed";
        Assert.Equal(
            new Isolation { NoSandbox = Missing, NoPrivateNetwork = Missing },
            agent.Inventory.Isolation
        );
        var job = Job("true");
        job.IsolateNetwork = true;

        var ended = await agent.RunAsync(job);

        Assert.Equal($"private networks are unavailable: {Missing}", ended.Exit.NotStarted);
    }

    /// <summary>The parent of the mount points, which is removed with the directory.</summary>
    private string At => $"{_folder}/at";

    private string CannotMount => _agent.Inventory.Isolation.NoSandbox;
    private string CannotIsolate => _agent.Inventory.Isolation.NoPrivateNetwork;
    private string Refusal => $"root file systems and volumes are unavailable: {CannotMount}";

    /// <summary>Runs a job; null: the machine cannot create its sandbox, and the job reported
    /// that.</summary>
    private async Task<AttemptEnd?> RunAsync(StartProcess job)
    {
        var ended = await _agent.RunAsync(job);
        var cannot = job.IsolateNetwork ? CannotIsolate : CannotMount;
        if (cannot.Length > 0)
        {
            Assert.Contains(cannot, ended.Exit.NotStarted);
            return null;
        }
        Assert.Equal("", ended.Exit.NotStarted);
        return ended;
    }

    private string Folder(string name) => Directory.CreateDirectory($"{_folder}/{name}").FullName;

    private static VolumeDefinition Volume(
        string directory,
        string mountPath,
        bool readOnly = false
    ) =>
        new()
        {
            Name = Path.GetFileName(directory),
            Directory = directory,
            MountPath = mountPath,
            ReadOnly = readOnly,
        };

    private static StartProcess InRoot(string root, string command)
    {
        var job = Job(command);
        job.EnvironmentDefinition = new EnvironmentDefinition { Name = "small", Root = root };
        return job;
    }

    private static IEnumerable<int> Pids() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Where(pid => pid > 0);

    private List<int> MarkedBy(StartProcess job, ExecutorProcess? executor = null)
    {
        var home = (executor ?? _fixture.Executor).Home.Home;
        var mark = $"JOBCLOUD_MARK={job.Jid}.{job.Attempt}@{home}";
        return [.. Pids().Where(pid => Read($"/proc/{pid}/environ").Contains(mark))];
    }

    private static string NetworkOf(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/net").LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
