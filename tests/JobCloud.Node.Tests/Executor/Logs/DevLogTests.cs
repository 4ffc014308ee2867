using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor.Logs;

/// <summary>Executors that see a /dev of their own, where root may have that made; for others, that
/// they say why there is no syslog.</summary>
public sealed class DevLogTests : IDisposable
{
    private const string Logger = "/usr/bin/logger";

    private static readonly bool CanMount = Succeeds(
        "unshare",
        "-m",
        "mount",
        "--make-rprivate",
        "/"
    );
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jd");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Where_the_machine_has_no_system_log_jobs_are_heard_all_the_same()
    {
        if (await IsRefusedAsync())
            return;
        await using var executor = await ExecutorProcess.StartAsync(within: OwnDev("true"));
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job($"{Logger} -p user.err hello; readlink /dev/log");

        await agent.RunAsync(job);

        var paths = executor.Home.Attempt(job.Jid, 1);
        Assert.Equal("", agent.Inventory.NoSyslog);
        Assert.Equal($"{executor.Home.SyslogSocket}\n", File.ReadAllText(paths.Stdout));
        await SaysAsync(paths.Syslog, " user.err ", ": hello\n");
        await executor.EndAsync();
        Assert.False(Path.Exists(executor.Home.SyslogSocket));
    }

    [Fact]
    public async Task The_machines_own_system_log_goes_on_hearing_jobs()
    {
        if (await IsRefusedAsync())
            return;
        using var machine = Listen("machine.sock");
        var link = $"ln -s {_folder}/machine.sock /dev/log";
        await using var executor = await ExecutorProcess.StartAsync(within: OwnDev(link));
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job($"{Logger} both");

        await agent.RunAsync(job);

        Assert.Equal("", agent.Inventory.NoSyslog);
        await SaysAsync(executor.Home.Attempt(job.Jid, 1).Syslog, " user.notice ", ": both\n");
        Assert.EndsWith(": both", Heard(machine));
    }

    [Fact]
    public async Task A_link_that_a_killed_executor_left_is_replaced()
    {
        if (await IsRefusedAsync())
            return;
        var link = $"ln -s {_folder}/gone/run/syslog.sock /dev/log";
        await using var executor = await ExecutorProcess.StartAsync(within: OwnDev(link));
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job($"{Logger} again");

        await agent.RunAsync(job);

        await SaysAsync(executor.Home.Attempt(job.Jid, 1).Syslog, ": again\n");
    }

    [Fact]
    public async Task A_system_log_that_comes_later_is_read_along_too()
    {
        if (await IsRefusedAsync())
            return;
        using var machine = Listen("late.sock");
        await using var executor = await ExecutorProcess.StartAsync(within: OwnDev("true"));
        await using var agent = await executor.TalkAsync(Greeting);
        await agent.RunAsync(Job($"ln -sf {_folder}/late.sock /dev/log"));

        // It is looked after now and then: what is said before goes to the machine's alone.
        await Eventually.HoldsAsync(
            async () =>
            {
                var job = Job($"{Logger} late");
                await agent.RunAsync(job);
                Assert.EndsWith(": late", Heard(machine));
                return File.Exists(executor.Home.Attempt(job.Jid, 1).Syslog);
            },
            "a job's words are kept"
        );
    }

    [Fact]
    public async Task Children_that_are_gone_at_once_are_heard()
    {
        const int Said = 200;
        if (await IsRefusedAsync())
            return;
        await using var executor = await ExecutorProcess.StartAsync(within: OwnDev("true"));
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job($"for i in $(seq {Said}); do {Logger} $i; done");

        await agent.RunAsync(job);

        // Where the kernel tells no history, some are lost, and the executor says so at its start.
        var log = await File.ReadAllTextAsync(executor.Home.ExecutorLog);
        var least = log.Contains("no history of processes") ? Said / 2 : Said;
        var path = executor.Home.Attempt(job.Jid, 1).Syslog;
        await Eventually.HoldsAsync(
            () => File.Exists(path) && File.ReadLines(path).Count() >= least,
            $"{least} of their words"
        );
    }

    /// <summary>Whether this user cannot have that made; then the executor says so.</summary>
    private static async Task<bool> IsRefusedAsync()
    {
        if (CanMount)
            return false;
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        Assert.Contains("only root", agent.Inventory.NoSyslog);
        return true;
    }

    /// <summary>A command that runs another one with a /dev that is changed for it alone.</summary>
    private string[] OwnDev(string change)
    {
        foreach (var name in (string[])["upper", "work"])
            _folder.CreateSubdirectory(name);
        var layers = $"lowerdir=/dev,upperdir={_folder}/upper,workdir={_folder}/work";
        var script =
            $"mount -t overlay dev -o {layers} /dev && rm -f /dev/log && {change} && exec \"$@\"";
        return ["unshare", "-m", "sh", "-c", script, "sh"];
    }

    private Socket Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.IP);
        socket.Bind(new UnixDomainSocketEndPoint($"{_folder}/{name}"));
        socket.ReceiveTimeout = 10_000;
        return socket;
    }

    private static string Heard(Socket socket)
    {
        var bytes = new byte[1000];
        return Encoding.UTF8.GetString(bytes, 0, socket.Receive(bytes));
    }

    private static Task SaysAsync(string path, params string[] parts) =>
        Eventually.HoldsAsync(
            () =>
                File.Exists(path) && File.ReadAllText(path) is var text && parts.All(text.Contains),
            $"{path} says {string.Join("…", parts)}"
        );

    private static bool Succeeds(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true }
        )!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
