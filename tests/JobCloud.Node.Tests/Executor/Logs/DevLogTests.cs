using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor.Logs;

/// <summary>Executors with their own /dev, where root may create one. Elsewhere the tests check
/// that the executor gives a reason for missing syslog.</summary>
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
    public async Task Messages_are_received_on_a_machine_without_a_system_log()
    {
        if (await IsRefusedAsync())
            return;
        await using var executor = await ExecutorProcess.StartAsync(within: OwnDev("true"));
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job($"{Logger} -p user.err hello; readlink /dev/log");

        await agent.RunAsync(job);

        var paths = executor.Home.Attempt(new Jid(job.Jid), 1);
        Assert.Equal("", agent.Inventory.NoSyslog);
        Assert.Equal($"{executor.Home.SyslogSocket}\n", File.ReadAllText(paths.Stdout));
        await ContainsAsync(paths.Syslog, " user.err ", ": hello\n");
        await executor.EndAsync();
        Assert.False(Path.Exists(executor.Home.SyslogSocket));
    }

    [Fact]
    public async Task Messages_are_forwarded_to_the_machines_system_log()
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
        await ContainsAsync(
            executor.Home.Attempt(new Jid(job.Jid), 1).Syslog,
            " user.notice ",
            ": both\n"
        );
        Assert.EndsWith(": both", ReceiveFrom(machine));
    }

    [Fact]
    public async Task A_link_left_by_a_killed_executor_is_replaced()
    {
        if (await IsRefusedAsync())
            return;
        var link = $"ln -s {_folder}/gone/run/syslog.sock /dev/log";
        await using var executor = await ExecutorProcess.StartAsync(within: OwnDev(link));
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job($"{Logger} again");

        await agent.RunAsync(job);

        await ContainsAsync(executor.Home.Attempt(new Jid(job.Jid), 1).Syslog, ": again\n");
    }

    [Fact]
    public async Task A_system_log_that_starts_later_is_redirected()
    {
        if (await IsRefusedAsync())
            return;
        using var machine = Listen("late.sock");
        await using var executor = await ExecutorProcess.StartAsync(within: OwnDev("true"));
        await using var agent = await executor.TalkAsync(Greeting);
        await agent.RunAsync(Job($"ln -sf {_folder}/late.sock /dev/log"));

        // /dev/log is checked periodically; earlier messages reach only the machine's system log.
        await Eventually.HoldsAsync(
            async () =>
            {
                var job = Job($"{Logger} late");
                await agent.RunAsync(job);
                Assert.EndsWith(": late", ReceiveFrom(machine));
                return File.Exists(executor.Home.Attempt(new Jid(job.Jid), 1).Syslog);
            },
            "a job's message is kept"
        );
    }

    [Fact]
    public async Task Messages_of_processes_that_exit_at_once_are_kept()
    {
        const int MessageCount = 200;
        if (await IsRefusedAsync())
            return;
        await using var executor = await ExecutorProcess.StartAsync(within: OwnDev("true"));
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job($"for i in $(seq {MessageCount}); do {Logger} $i; done");

        await agent.RunAsync(job);

        // Without a fork history some messages are lost, and the executor logs that at its start.
        var log = await File.ReadAllTextAsync(executor.Home.ExecutorLog);
        var expected = log.Contains("no fork history") ? MessageCount / 2 : MessageCount;
        var path = executor.Home.Attempt(new Jid(job.Jid), 1).Syslog;
        await Eventually.HoldsAsync(
            () => File.Exists(path) && File.ReadLines(path).Count() >= expected,
            $"{expected} messages are kept"
        );
    }

    /// <summary>Whether this user cannot redirect /dev/log; then asserts the executor's
    /// reason.</summary>
    private static async Task<bool> IsRefusedAsync()
    {
        if (CanMount)
            return false;
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        Assert.Contains("only root", agent.Inventory.NoSyslog);
        return true;
    }

    /// <summary>A command that runs another one with a modified private /dev.</summary>
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

    private static string ReceiveFrom(Socket socket)
    {
        var bytes = new byte[1000];
        return Encoding.UTF8.GetString(bytes, 0, socket.Receive(bytes));
    }

    private static Task ContainsAsync(string path, params string[] parts) =>
        Eventually.HoldsAsync(
            () =>
                File.Exists(path) && File.ReadAllText(path) is var text && parts.All(text.Contains),
            $"{path} contains {string.Join("…", parts)}"
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
