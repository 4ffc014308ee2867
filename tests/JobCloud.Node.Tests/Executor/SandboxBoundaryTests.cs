using System.Runtime.InteropServices;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Sandboxes;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Attacks from inside real sandboxes, and what each gets. Where the machine cannot create
/// sandboxes, the jobs are refused, which SandboxTests checks.</summary>
public sealed class SandboxBoundaryTests : IClassFixture<ExecutorFixture>, IDisposable
{
    private readonly ExecutorFixture _fixture;
    private readonly ExecutorClient _agent;
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-edge-").FullName;

    public SandboxBoundaryTests(ExecutorFixture fixture) =>
        (_fixture, _agent) = (fixture, fixture.Agent);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Home => _fixture.Executor.Home.Home;

    [Fact]
    public async Task The_home_shows_only_the_attempts_own_files()
    {
        var other = Job("echo secret");
        await _agent.RunAsync(other);
        var segment = $"{Home}/attempts/0";
        var seen = await SeenAsync(
            $"cd {Home}; ls -A . | grep -v -e '^attempts$' -e '^open$'; "
                + $"ls -A open | grep -v '^python$'; ls {segment} | grep -v $JOBCLOUD_JID_; "
                + $"cat {_fixture.Paths(other).Stdout} {Home}/run/executor.lock 2>/dev/null; echo end"
        );
        if (seen is not null)
            Assert.Equal("end\n", seen);
    }

    [Theory]
    [InlineData("/proc/1/root")]
    [InlineData("/proc/2/root")]
    [InlineData("/proc/1/cwd/../../../../..")]
    [InlineData("/proc/self/root")]
    public async Task No_process_in_the_sandbox_leads_to_the_home(string way)
    {
        var seen = await SeenAsync(
            $"cat {way}{Home}/run/executor.lock 2>/dev/null; ls {way}{Home}/run/*.sock 2>/dev/null; "
                + "echo end"
        );
        if (seen is not null)
            Assert.Equal("end\n", seen);
    }

    [Fact]
    public async Task No_process_outside_is_seen_or_signalled()
    {
        var executor = _fixture.Executor.Pid;
        var seen = await SeenAsync(
            $"kill -0 {executor} 2>/dev/null && echo signalled; "
                + "for p in /proc/[0-9]*; do n=$((n + 1)); done; [ $n -lt 8 ] && echo few; "
                + "[ $$ -lt 20 ] && echo own; grep -c . /proc/1/environ /dev/null >/dev/null; echo end"
        );
        if (seen is not null)
            Assert.Equal("few\nown\nend\n", seen);
    }

    [Fact]
    public async Task Killing_all_processes_ends_only_the_job()
    {
        var job = Isolated("kill -9 -1; sleep 60");
        _agent.Start(job);
        if (Cannot.Length > 0)
            return;

        await _agent.EndedAsync(job.Jid);

        var next = Job("echo alive");
        await _agent.RunAsync(next);
        Assert.Equal("alive\n", _fixture.Stdout(next));
    }

    [Fact]
    public async Task A_job_has_no_capabilities_and_gets_no_new_privileges()
    {
        var seen = await SeenAsync(
            "while read k v; do case $k in CapEff:|CapPrm:|CapAmb:|NoNewPrivs:|Seccomp:) echo $v;; esac; done"
                + " < /proc/self/status"
        );
        if (seen is not null)
            Assert.Equal("0000000000000000\n0000000000000000\n0000000000000000\n1\n2\n", seen);
    }

    [Theory]
    [InlineData("v=$(cat /proc/sys/vm/swappiness) && echo $v > /proc/sys/vm/swappiness")]
    [InlineData("echo h > /proc/sysrq-trigger")]
    [InlineData("touch /sys/x")]
    [InlineData("v=$(cat /sys/kernel/profiling) && echo $v > /sys/kernel/profiling")]
    [InlineData("mkdir /sys/fs/cgroup/x")]
    [InlineData("mount -t tmpfs none /mnt")]
    [InlineData("umount /proc/sys")]
    [InlineData("mknod here b 254 0")]
    [InlineData("cat /dev/mem")]
    [InlineData("ls /dev/vda /dev/sda")]
    [InlineData("hostname $(hostname)")]
    [InlineData("chroot / true")]
    [InlineData("dmesg -n 7")]
    [InlineData("unshare -Ur true")]
    public async Task The_kernel_is_not_configured_from_inside(string attack)
    {
        var seen = await SeenAsync($"({attack}) >/dev/null 2>&1 && echo done || echo refused");
        if (seen is not null)
            Assert.Equal("refused\n", seen);
    }

    /// <summary>Each returns -1 with an error of the filter, and not of the kernel's own
    /// checks.</summary>
    [Theory]
    [InlineData("syscall({keyctl}, 0, -3, 0)", "EPERM")]
    [InlineData("syscall({unshare}, 0)", "EPERM")]
    [InlineData("syscall({perf_event_open}, 0, 0, -1, -1, 0)", "EPERM")]
    [InlineData("syscall({io_uring_setup}, 0, 0)", "ENOSYS")]
    [InlineData("ioctl(STDIN, 0x5412, $_ = 1)", "EPERM")]
    [InlineData("socket(S, 40, 1, 0)", "EPERM")]
    public async Task The_filter_denies_system_calls(string call, string error)
    {
        foreach (var denied in DeniedCalls.All)
        {
            var number = denied.On(RuntimeInformation.ProcessArchitecture);
            call = call.Replace($"{{{denied.Name}}}", $"{number}");
        }
        var seen = await SeenAsync($"perl -MErrno -e '{call}; print $!{{{error}}} ? 1 : $!+0'");
        if (seen is not null)
            Assert.Equal("1", seen);
    }

    [Fact]
    public async Task Only_the_inner_program_gets_the_jobs_variables()
    {
        var job = Isolated("echo \"$LD_PRELOAD $A\"");
        job.Environment.Add(new Variable { Name = "LD_PRELOAD", Value = "/no.so" });
        job.Environment.Add(new Variable { Name = "A", Value = "b =\nc" });

        await _agent.RunAsync(job);

        if (Cannot.Length > 0)
            return;
        Assert.Equal("/no.so b =\nc\n", _fixture.Stdout(job));
        var complaints = await File.ReadAllLinesAsync(_fixture.Paths(job).Stderr);
        Assert.Single(complaints, line => line.Contains("/no.so"));
    }

    [Fact]
    public async Task A_return_file_through_a_link_stays_in_the_sandbox()
    {
        var secret = $"{_folder}/secret";
        await File.WriteAllTextAsync(secret, "of the host");
        var root = Directory.CreateDirectory($"{_folder}/root").FullName;
        var volume = Directory.CreateDirectory($"{_folder}/volume").FullName;
        await SmallRoot.MakeAsync(root);
        File.CreateSymbolicLink($"{volume}/out", secret);
        File.CreateSymbolicLink($"{volume}/inside", "/etc/motd");
        File.CreateSymbolicLink($"{root}/to-volume", "/vol/in");
        Assert.Equal((0L, true), await ReturnedAsync(root, volume, "/vol/out"));
        Assert.Equal((6L, false), await ReturnedAsync(root, volume, "/vol/inside"));
        Assert.Equal((3L, false), await ReturnedAsync(root, volume, "/to-volume"));
        Assert.Equal((0L, true), await ReturnedAsync(root, volume, "/proc/self/environ"));
    }

    [Theory]
    [InlineData("ln -s {home}/run/executor.lock out")]
    [InlineData("mkdir out")]
    [InlineData("mkfifo out")]
    [InlineData("ln -s /proc/self/environ out")]
    [InlineData("ln -s out out")]
    public async Task A_return_file_that_the_job_does_not_own_is_refused(string command)
    {
        var job = Isolated(command.Replace("{home}", Home));
        job.ReturnFile = "out";

        var ended = await _agent.RunAsync(job);

        if (Cannot.Length == 0)
        {
            Assert.Equal(0, ended.Exit.ResultBytes);
            Assert.NotEqual("", ended.Exit.ResultTrouble);
        }
    }

    [Fact]
    public async Task A_volume_in_the_home_is_refused()
    {
        var job = Job("true");
        job.Volumes.Add(
            new VolumeDefinition
            {
                Name = "v",
                Directory = $"{Home}/run",
                MountPath = $"{_folder}/at",
            }
        );

        var ended = await _agent.RunAsync(job);

        if (_agent.Inventory.Isolation.NoSandbox.Length == 0)
            Assert.Equal(
                $"directory {Home}/run of volume v is in JOBCLOUD_HOME, which no sandbox shows",
                ended.Exit.NotStarted
            );
    }

    [Fact]
    public async Task A_users_volume_that_a_link_leads_out_of_its_place_is_refused()
    {
        var allowed = Directory.CreateDirectory($"{_folder}/allowed").FullName;
        File.CreateSymbolicLink($"{allowed}/etc", "/etc");
        var job = Job("true");
        job.Volumes.Add(
            new VolumeDefinition
            {
                Name = "v",
                Directory = $"{allowed}/etc",
                MountPath = $"{_folder}/at",
                Within = allowed,
            }
        );

        var ended = await _agent.RunAsync(job);

        if (_agent.Inventory.Isolation.NoSandbox.Length == 0)
            Assert.Equal(
                $"directory {allowed}/etc of volume v leads out of {allowed}, where users may define it",
                ended.Exit.NotStarted
            );
    }

    [Fact]
    public async Task A_daemon_of_a_job_may_end_in_its_own_time()
    {
        var job = Isolated(
            "(trap 'echo ended; exit' TERM; echo begun; : > up; while :; do sleep 0.01; done) & "
                + "while ! [ -e up ]; do sleep 0.01; done"
        );
        var ended = await _agent.RunAsync(job);
        if (Cannot.Length > 0)
            return;
        Assert.Equal((0, 0), (ended.Exit.Code, ended.Exit.Signal));
        Assert.Equal("begun\nended\n", _fixture.Stdout(job));
    }

    private string Cannot => _agent.Inventory.Isolation.NoPrivateNetwork;

    private static StartProcess Isolated(string command)
    {
        var job = Job(command);
        job.IsolateNetwork = true;
        return job;
    }

    /// <summary>Runs a command in a sandbox; returns its stdout, or null: the machine cannot create
    /// the sandbox.</summary>
    private async Task<string?> SeenAsync(string command)
    {
        var job = Isolated("");
        job.Command = command.Replace("$JOBCLOUD_JID_", $"^{job.Jid}\\\\.");
        var ended = await _agent.RunAsync(job);
        if (Cannot.Length > 0)
            return null;
        Assert.Equal("", ended.Exit.NotStarted);
        return _fixture.Stdout(job);
    }

    private async Task<(long Bytes, bool IsRefused)> ReturnedAsync(
        string root,
        string volume,
        string file
    )
    {
        var job = Job("echo in > /vol/in");
        job.EnvironmentDefinition = new() { Name = "small", Root = root };
        job.Volumes.Add(
            new VolumeDefinition
            {
                Name = "v",
                Directory = volume,
                MountPath = "/vol",
            }
        );
        job.ReturnFile = file;
        var exit = (await _agent.RunAsync(job)).Exit;
        return _agent.Inventory.Isolation.NoSandbox.Length > 0
            ? file switch
            {
                "/vol/inside" => (6, false),
                "/to-volume" => (3, false),
                _ => (0, true),
            }
            : (exit.ResultBytes, exit.ResultTrouble.Length > 0);
    }
}
