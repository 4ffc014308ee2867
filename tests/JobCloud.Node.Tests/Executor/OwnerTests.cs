using Google.Protobuf;
using JobCloud.Node.Tests.Executor.Logs;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Terminals;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Jobs of other accounts on an executor of root.</summary>
public sealed class OwnerTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly ExecutorClient _agent = fixture.Agent;

    [RootFact]
    public async Task A_job_has_the_ids_groups_and_variables_of_its_account_and_no_capabilities()
    {
        var job = Job(
            "games",
            "id -un; id -gn; id -Gn; echo $HOME $USER $LOGNAME; grep CapEff /proc/self/status; "
                + "stat -Lc '%U %a' . /proc/self/fd/1"
        );
        await DoneAsync(job);
        Assert.Equal(
            "games\ngames\ngames\n/usr/games games games\nCapEff:\t0000000000000000\n"
                + "games 700\ngames 600\n",
            fixture.Stdout(job)
        );
    }

    [RootFact]
    public async Task A_program_that_cannot_run_after_all_checks_is_reported()
    {
        var folder = Directory.CreateTempSubdirectory("jc-exec-");
        File.SetUnixFileMode(folder.FullName, Private | UnixFileMode.OtherExecute);
        var script = $"{folder.FullName}/script";
        await File.WriteAllTextAsync(script, "#!/no/such/interpreter\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ed);
        var job = Job("games", script);

        var exit = (await _agent.RunAsync(job)).Exit;

        Assert.Equal($"{script} or its interpreter does not exist", exit.NotStarted);
        var failing = Job("games", "exit 126");
        Assert.Equal((126, ""), await ExitAsync(failing));
        folder.Delete(recursive: true);
    }

    private async Task<(int, string)> ExitAsync(StartProcess job)
    {
        var exit = (await _agent.RunAsync(job)).Exit;
        return (exit.Code, exit.NotStarted);
    }

    [RootFact]
    public async Task A_job_without_another_account_stays_the_executors()
    {
        var job = Job("root", "id -u; stat -c %U .");
        await DoneAsync(job);
        Assert.Equal("0\nroot\n", fixture.Stdout(job));
    }

    [RootFact]
    public async Task A_job_reaches_neither_the_node_nor_the_files_and_processes_of_others()
    {
        var other = Job("daemon", "echo secret; exec sleep 60");
        _agent.Start(other);
        var pid = (await _agent.StartedAsync(other.Jid)).Pid;
        await fixture.WaitForOutputAsync(other);
        var (home, paths) = (fixture.Executor.Home, fixture.Paths(other));
        string[] attempts =
        [
            $"cat {paths.Stdout}",
            $"ls {paths.Directory}",
            $"ls {home.Home}",
            $"ls {home.Attempts}",
            $"cat {home.ExecutorLimits}",
            $"cat {home.ExecutorLog}",
            $"echo > {home.ExecutorSocket}",
            $"cat /proc/{fixture.Executor.Pid}/environ",
            $"kill -9 {pid}",
            $"kill -9 {fixture.Executor.Pid}",
            $"touch {paths.Folder}/new",
            $"touch {home.Open}/new",
        ];
        foreach (var attempt in attempts)
        {
            var job = Job("games", $"{attempt} && echo got in");
            await _agent.RunAsync(job);
            Assert.False(File.Exists(fixture.Paths(job).Stdout), attempt);
        }
        Assert.Equal("secret\n", fixture.Stdout(other));
        _agent.Stop(other.Jid);
        Assert.Equal(15, (await _agent.EndedAsync(other.Jid)).Exit.Signal);
    }

    [RootFact]
    public async Task A_return_file_is_read_with_the_rights_of_the_account()
    {
        var denied = Job("games", "true");
        denied.ReturnFile = "/etc/shadow";
        var linked = Job("games", "ln -s /etc/shadow out");
        linked.ReturnFile = "out";
        foreach (var job in new[] { denied, linked })
        {
            var ended = await _agent.RunAsync(job);
            Assert.Contains("no permission to read the return file", ended.Exit.ResultTrouble);
            Assert.False(File.Exists(fixture.Paths(job).Result));
        }
        var own = Job("games", "umask 077; echo mine > out");
        own.ReturnFile = "out";
        Assert.Equal(5, (await _agent.RunAsync(own)).Exit.ResultBytes);
        Assert.Equal("mine\n", await File.ReadAllTextAsync(fixture.Paths(own).Result));
    }

    [RootFact]
    public async Task An_unknown_account_and_a_missing_permission_are_named()
    {
        Assert.Equal("no account ghost on node n1", await RefusedAsync(Job("ghost", "true")));
        using var shut = new ShutFolder();
        var inside = Job("games", "true");
        inside.WorkingDirectory = shut.Path;
        Assert.Equal(
            $"account games has no permission to enter directory {shut.Path} on node n1; share it, or use --fresh",
            await RefusedAsync(inside)
        );
        await File.WriteAllTextAsync($"{shut.Path}/program", "#!/bin/sh\n");
        File.SetUnixFileMode($"{shut.Path}/program", Private);
        var program = Job("games", $"{shut.Path}/program");
        program.Shell = "none";
        Assert.Contains($"{shut.Path}/program", await RefusedAsync(program));
    }

    [RootFact]
    public async Task A_home_that_the_account_cannot_enter_is_named()
    {
        using var shut = new ShutFolder();
        await using var executor = await ExecutorProcess.StartAsync(
            new HomePaths($"{shut.Path}/home")
        );
        await using var agent = await executor.TalkAsync(ExecutorFixture.Greeting);
        var ended = await agent.RunAsync(Job("games", "true"));
        Assert.Contains(
            $"account games cannot enter {shut.Path}/home on node n1; move the home",
            ended.Exit.NotStarted
        );
        Assert.Equal(0, (await agent.RunAsync(Job("root", "true"))).Exit.Code);
    }

    [RootFact]
    public async Task A_job_whose_account_is_at_its_process_limit_fails_and_others_start()
    {
        const int Limit = 60;
        string[] within = ["bash", "-c", $"ulimit -u {Limit}; exec \"$0\" \"$@\""];
        await using var executor = await ExecutorProcess.StartAsync(within: within);
        await using var agent = await executor.TalkAsync(ExecutorFixture.Greeting);
        // No other test uses this account.
        const string Crowded = "uucp";
        var crowd = Job(
            Crowded,
            $"for i in $(seq {Limit - 2}); do sleep 1000 & done; echo all; wait"
        );
        agent.Start(crowd);
        var output = executor.Home.Attempt(new(crowd.Jid), crowd.Attempt).Stdout;
        await Eventually.HoldsAsync(
            () => File.Exists(output) && File.ReadAllText(output) == "all\n",
            "the account has as many processes as it may have"
        );

        var ended = await agent.RunAsync(Job(Crowded, "true"));

        Assert.StartsWith(
            $"account {Crowded} has reached its limit of processes on this node (ulimit -u)",
            ended.Exit.NotStarted
        );
        Assert.Equal("", (await agent.RunAsync(Job("daemon", "true"))).Exit.NotStarted);
        agent.Stop(crowd.Jid);
        await agent.EndedAsync(crowd.Jid);
        Assert.Equal("", (await agent.RunAsync(Job(Crowded, "true"))).Exit.NotStarted);
    }

    [RootFact]
    public async Task One_account_runs_all_jobs_if_the_settings_name_it()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var greeting = ExecutorFixture.Greeting;
        greeting.Limits = new() { RunAs = "daemon" };
        await using var agent = await executor.TalkAsync(greeting);
        foreach (var account in new[] { "games", "root", "ghost" })
        {
            var job = Job(account, "id -un");
            Assert.Equal("", (await agent.RunAsync(job)).Exit.NotStarted);
            var paths = executor.Home.Attempt(new(job.Jid), job.Attempt);
            Assert.Equal("daemon\n", await File.ReadAllTextAsync(paths.Stdout));
        }
    }

    [RootFact]
    public async Task A_terminal_runs_as_the_account_and_its_pty_belongs_to_it()
    {
        var job = Job("games", "sleep 60");
        _agent.Start(job);
        await _agent.StartedAsync(job.Jid);
        await using var terminal = await TerminalClient.OpenAsync(
            fixture.Executor.Home.TerminalSocket,
            new()
            {
                Jid = job.Jid,
                Kind = TerminalKind.Command,
                Command = "id -un; id -Gn; stat -c %U $(tty) .; echo $HOME",
                WindowBytes = 10_000,
                Pty = new()
                {
                    Term = "dumb",
                    Size = new() { Columns = 80, Rows = 25 },
                },
            }
        );
        Assert.Equal(0, (await terminal.ClosedAsync()).ExitCode);
        Assert.Equal(
            "games\ngames\ngames\ngames\n/usr/games\n",
            terminal.Text.Replace("\r", "", StringComparison.Ordinal)
        );
        _agent.Stop(job.Jid);
        await _agent.EndedAsync(job.Jid);
    }

    [RootFact]
    public async Task No_variable_of_a_job_acts_before_the_job_has_its_account()
    {
        // The loader writes a file in each program that starts with these variables.
        using var traces = new OpenFolder();
        var job = Job("games", "true; env | grep -c LD_DEBUG");
        job.Environment.Add(new Variable { Name = "LD_DEBUG", Value = "files" });
        job.Environment.Add(
            new Variable { Name = "LD_DEBUG_OUTPUT", Value = $"{traces.Path}/trace" }
        );
        await DoneAsync(job);
        Assert.Equal("2\n", fixture.Stdout(job));
        var stat = Job("games", $"stat -c %U {traces.Path}/* | sort -u");
        await DoneAsync(stat);
        Assert.Equal("games\n", fixture.Stdout(stat));
    }

    [RootFact]
    public async Task A_setup_line_and_a_sandbox_run_as_the_account()
    {
        var job = Job("games", "id -un");
        job.EnvironmentDefinition = new() { Name = "e", Setup = "id -un" };
        await DoneAsync(job);
        Assert.Equal("games\ngames\n", fixture.Stdout(job));
        var boxed = Job("games", "id -un; stat -c %U .");
        boxed.IsolateNetwork = true;
        var ended = await _agent.RunAsync(boxed);
        if (_agent.Inventory.Isolation.NoPrivateNetwork.Length > 0)
            Assert.NotEmpty(ended.Exit.NotStarted);
        else
            Assert.Equal("games\ngames\n", fixture.Stdout(boxed));
    }

    [RootFact]
    public async Task Sent_files_input_and_log_belong_to_the_account()
    {
        var job = Job(
            "games",
            "cat /dev/stdin; cat sent; stat -c '%U' sent; echo l >> $JOBCLOUD_LOG"
        );
        job.Stdin = ByteString.CopyFromUtf8("in\n");
        var copy = $"{Path.GetDirectoryName(fixture.Paths(job).Folder)}/copy-of-sent";
        await File.WriteAllTextAsync(copy, "file\n");
        job.Files.Add(new SentFile { Name = "sent", Copy = copy });
        Assert.Equal(2, (await DoneAsync(job)).LoggingBytes);
        Assert.Equal("in\nfile\ngames\n", fixture.Stdout(job));
        var silent = Job("games", "[ -r $PYTHONPATH/sitecustomize.py ] && ls $PYTHONPATH >&2");
        await DoneAsync(silent);
        Assert.False(File.Exists(fixture.Paths(silent).Logging));
        Assert.False(File.Exists(fixture.Paths(silent).Exception));
    }

    [RootFact]
    public async Task The_traceback_of_a_job_belongs_to_its_account()
    {
        var plain = Job("games", $"{Python.Program} -c 'raise KeyError(1)'");
        var boxed = Job("games", plain.Command);
        boxed.IsolateNetwork = true;
        await _agent.RunAsync(plain);
        var ended = await _agent.RunAsync(boxed);

        StartProcess[] ran = ended.Exit.NotStarted.Length > 0 ? [plain] : [plain, boxed];
        foreach (var job in ran)
        {
            var file = fixture.Paths(job).Exception;
            Assert.EndsWith("KeyError: 1\n", await File.ReadAllTextAsync(file));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(file)
            );
        }
    }

    [RootFact]
    public async Task Notes_of_the_executor_about_a_job_are_closed_to_other_accounts()
    {
        var job = Job("games", $"head -c {2 * ExecutorFixture.OutputLimit} /dev/zero; sleep 60");
        _agent.Start(job);
        var paths = fixture.Paths(job);
        foreach (var note in new[] { paths.DropNote, paths.Timeline })
        {
            await Eventually.HoldsAsync(() => File.Exists(note), note);
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(note)
            );
        }
        _agent.Stop(job.Jid);
        await _agent.EndedAsync(job.Jid);
    }

    [RootFact]
    public async Task Removing_a_job_follows_no_link_of_its_account()
    {
        using var kept = new ShutFolder();
        await File.WriteAllTextAsync($"{kept.Path}/file", "");
        var job = Job(
            "games",
            $"mkdir -p a/b; ln -s {kept.Path} a/link; ln -s {kept.Path} a/b/deep; chmod 500 a/b a"
        );
        await DoneAsync(job);
        _agent.Send(
            new ToExecutor
            {
                Forget = new() { Jid = job.Jid, Attempt = job.Attempt },
            }
        );
        await Eventually.HoldsAsync(
            () => !Directory.Exists(fixture.Paths(job).Directory),
            "the directory is removed"
        );
        Assert.True(File.Exists($"{kept.Path}/file"));
    }

    private static StartProcess Job(string account, string command)
    {
        var job = ExecutorFixture.Job(command);
        job.Account = account;
        job.Environment.Add(new Variable { Name = "JOBCLOUD_NODE", Value = "n1" });
        return job;
    }

    private async Task<Exit> DoneAsync(StartProcess job)
    {
        var exit = (await _agent.RunAsync(job)).Exit;
        Assert.Equal(("", 0), (exit.NotStarted, exit.Code));
        return exit;
    }

    private async Task<string> RefusedAsync(StartProcess job) =>
        (await _agent.RunAsync(job)).Exit.NotStarted;

    /// <summary>A directory that all accounts may write to.</summary>
    private sealed class OpenFolder : IDisposable
    {
        public OpenFolder() => File.SetUnixFileMode(Path, (UnixFileMode)0x1ff);

        public string Path { get; } = Directory.CreateTempSubdirectory("jc-open-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    /// <summary>A directory that only root may enter.</summary>
    private sealed class ShutFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("jc-shut-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
