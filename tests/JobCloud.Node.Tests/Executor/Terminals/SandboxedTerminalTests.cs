using System.Runtime.InteropServices;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Sandboxes;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor.Terminals;

/// <summary>Terminals in jobs with other files or another network than the machine's, and after
/// setup lines. Where sandboxes cannot be created, the tests check that such jobs are
/// refused.</summary>
public sealed class SandboxedTerminalTests(ExecutorFixture fixture)
    : TerminalStories(fixture),
        IClassFixture<ExecutorFixture>
{
    [Fact]
    public async Task A_terminal_is_in_its_jobs_network()
    {
        var job = await StartAsync(job => job.IsolateNetwork = true);
        if (job is null)
            return;
        await using var command = await CommandAsync(
            job,
            "while read a b; do echo $a; done < /proc/net/dev; pwd"
        );

        await command.ClosedAsync();

        Assert.Equal($"Inter-|\nface\nlo:\n{Fixture.Paths(job).Directory}\n", command.Text);
        Assert.Equal("", command.ErrorText);
    }

    [Fact]
    public async Task A_terminal_has_no_capabilities()
    {
        var job = await StartAsync(job => job.IsolateNetwork = true);
        if (job is null)
            return;
        await using var command = await CommandAsync(
            job,
            "while read k v; do case $k in CapEff:|CapPrm:) echo $v;; esac; done"
                + " < /proc/self/status"
        );

        await command.ClosedAsync();

        Assert.Equal("0000000000000000\n0000000000000000\n", command.Text);
    }

    /// <summary>The loader of each program that sees the variables leaves a trace.</summary>
    [Fact]
    public async Task The_programs_that_enter_a_sandbox_do_not_see_its_jobs_variables()
    {
        var folder = Directory.CreateTempSubdirectory("jc-trace-").FullName;
        var job = await StartAsync(job =>
        {
            job.Volumes.Add(
                new VolumeDefinition
                {
                    Name = "v",
                    Directory = folder,
                    MountPath = folder,
                }
            );
            job.Environment.Add(new Variable { Name = "LD_DEBUG", Value = "files" });
            job.Environment.Add(
                new Variable { Name = "LD_DEBUG_OUTPUT", Value = $"{folder}/trace" }
            );
            job.Environment.Add(new Variable { Name = "WORDS", Value = "it's\nso" });
        });
        if (job is not null)
        {
            await using var command = await CommandAsync(job, "cat /dev/null; echo \"$WORDS\"");
            await command.ClosedAsync();
            Assert.Equal("it's\nso\n", command.Text);
            var traces = Directory.GetFiles(folder).Select(File.ReadAllText).ToArray();
            Assert.Contains(traces, text => text.Contains("initialize program: cat"));
            Assert.DoesNotContain(traces, text => text.Contains("nsenter"));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public Task A_terminal_gets_neither_new_privileges_nor_denied_system_calls() =>
        IsConfinedAsync("");

    [RootFact]
    public Task A_terminal_of_another_account_has_the_filter_too() => IsConfinedAsync("games");

    /// <summary>As <see cref="SandboxBoundaryTests"/> attack from the job itself: keyctl is denied
    /// by nothing else.</summary>
    private async Task IsConfinedAsync(string account)
    {
        var job = await StartAsync(job => (job.IsolateNetwork, job.Account) = (true, account));
        if (job is null)
            return;
        var keyctl = DeniedCalls
            .All.Single(call => call.Name == "keyctl")
            .On(RuntimeInformation.ProcessArchitecture);
        var attack =
            "while read k v; do case $k in NoNewPrivs:|Seccomp:) echo $v;; esac; done"
            + $" < /proc/self/status; perl -MErrno -e 'syscall({keyctl}, 0, -3, 0); print $!{{EPERM}} ? 1 : $!+0'; "
            + "unshare -Ur true || echo no namespace; nsenter -t $$ -n true || echo no entry; exit\n";
        await using var command = await CommandAsync(job, attack[..^2]);
        await using var shell = await ShellAsync(job);
        shell.Type("exec 2>&1; PS1=; " + attack);

        await command.ClosedAsync();
        await shell.ClosedAsync();

        Assert.Equal("1\n2\n1no namespace\nno entry\n", command.Text);
        Assert.Contains("1\r\n2\r\n1", shell.Text);
        Assert.Contains("\nno entry", shell.Text);
    }

    [Fact]
    public async Task A_terminal_sees_its_jobs_volumes()
    {
        var folder = Directory.CreateTempSubdirectory("jc-vol-").FullName;
        var job = await StartAsync(job =>
        {
            job.Volumes.Add(
                new VolumeDefinition
                {
                    Name = "v",
                    Directory = folder,
                    MountPath = "/opt/there",
                }
            );
            job.WorkingDirectory = "/opt/there";
        });
        if (job is not null)
        {
            await using var shell = await ShellAsync(job);
            shell.Type("echo \"at-$PWD\"; echo made > file; exit\n");
            await shell.ClosedAsync();
            Assert.Contains("at-/opt/there", shell.Text);
            Assert.Equal("made\n", await File.ReadAllTextAsync($"{folder}/file"));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_terminal_is_in_its_jobs_root_file_system()
    {
        var root = Directory.CreateTempSubdirectory("jc-root-").FullName;
        await SmallRoot.MakeAsync(root);
        var job = await StartAsync(job =>
        {
            job.EnvironmentDefinition = new() { Name = "small", Root = root };
            job.Command = "read x";
            job.ShellJob = new();
        });
        if (job is not null)
        {
            await using var command = await CommandAsync(
                job,
                "read word < /etc/motd; echo $word; [ -e /usr/bin/env ] || echo bare; pwd"
            );
            await command.ClosedAsync();
            Assert.Equal($"small\nbare\n{Fixture.Paths(job).Directory}\n", command.Text);
            Assert.Equal(0, (await Agent.EndedAsync(job.Jid)).Exit.Code);
        }
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_terminal_runs_the_setup_line_first()
    {
        var job = await RunningAsync(with: job =>
            job.EnvironmentDefinition = new()
            {
                Name = "tools",
                Setup = "echo setting up; export TOOL=hammer",
            }
        );
        await using var command = await CommandAsync(job, "cat; echo \"$TOOL\"");

        await command.SendAsync("in\n"u8.ToArray());
        command.EndInput();

        Assert.Equal(0, (await command.ClosedAsync()).ExitCode);
        Assert.Equal("in\nhammer\n", command.Text);
        Assert.Equal("setting up\n", command.ErrorText);
    }

    /// <summary>Starts a job; null: this machine cannot create the sandbox, and the job was refused
    /// with a reason.</summary>
    private async Task<StartProcess?> StartAsync(Action<StartProcess> with)
    {
        var job = Job("sleep 1000");
        with(job);
        Agent.Start(job);
        var isolation = Agent.Inventory.Isolation;
        if (isolation.NoSandbox.Length == 0 && isolation.NoPrivateNetwork.Length == 0)
        {
            await Agent.StartedAsync(job.Jid);
            return job;
        }
        Assert.NotEqual("", (await Agent.EndedAsync(job.Jid)).Exit.NotStarted);
        return null;
    }
}
