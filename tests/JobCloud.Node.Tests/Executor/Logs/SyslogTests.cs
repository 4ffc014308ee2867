using System.Net.Sockets;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor.Logs;

public sealed class SyslogTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    private readonly ExecutorClient _agent = fixture.Agent;

    private string Socket => fixture.Executor.Home.SyslogSocket;

    [Fact]
    public async Task A_jobs_syslog_message_is_kept_with_the_job()
    {
        var job = Job(Dummy($"say {Socket} '<11>Nov 22 15:04:05 dummy[1]: hello'"));

        await _agent.RunAsync(job);

        await LoggedAsync(job, text => text.EndsWith(" user.err dummy[1]: hello\n"));
    }

    [Fact]
    public async Task Messages_of_children_and_daemons_belong_to_their_job()
    {
        var job = Job(
            $"""
            {Dummy($"say {Socket} child")}
            ({Dummy($"say {Socket} grandchild")})
            setsid {Dummy($"say {Socket} other session")}
            sleep 60
            """
        );
        _agent.Start(job);

        await LoggedAsync(job, text => text.Split('\n').Length == 4);
        _agent.Stop(job.Jid);

        Assert.Equal(
            ["child", "grandchild", "session"],
            File.ReadLines(fixture.Paths(job).Syslog).Select(line => line.Split(' ')[^1])
        );
    }

    [Fact]
    public async Task A_message_of_another_process_belongs_to_no_job()
    {
        var job = Job($"echo ready; sleep 60");
        _agent.Start(job);
        await fixture.WaitForOutputAsync(job);
        var other = Job(Dummy($"say {Socket} after"));

        using (var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.IP))
            await socket.SendToAsync("stranger"u8.ToArray(), new UnixDomainSocketEndPoint(Socket));
        await _agent.RunAsync(other);

        await LoggedAsync(other, text => text.EndsWith(" after\n"));
        _agent.Stop(job.Jid);
        Assert.False(File.Exists(fixture.Paths(job).Syslog));
    }

    [Fact]
    public async Task Nothing_is_captured_when_syslog_is_disabled()
    {
        await using var executor = await StartAsync();
        var hello = Greeting;
        hello.Limits = new() { Syslog = "off" };

        await using var agent = await executor.TalkAsync(hello);

        Assert.Equal("disabled (jobcloud.executor.syslog)", agent.Inventory.NoSyslog);
        Assert.False(File.Exists(executor.Home.SyslogSocket));
    }

    [Fact]
    public async Task A_kernel_message_about_a_crash_is_kept_with_its_job()
    {
        var job = Job(Dummy("fault"));

        Assert.Equal(11, (await _agent.RunAsync(job)).Exit.Signal);

        if (CanReadKernelLog())
            await LoggedAsync(
                job,
                text => text.Contains(" kern.info kernel: ") && text.Contains("dummy[")
            );
    }

    private Task LoggedAsync(StartProcess job, Func<string, bool> matches)
    {
        var path = fixture.Paths(job).Syslog;
        return Eventually.HoldsAsync(
            () => File.Exists(path) && matches(File.ReadAllText(path)),
            $"{path} has the message"
        );
    }

    /// <summary>Whether the kernel logs crashes and uses the same pids as this process.</summary>
    private static bool CanReadKernelLog()
    {
        try
        {
            using var log = File.OpenHandle("/dev/kmsg");
            return File.ReadAllText("/proc/sys/debug/exception-trace").Trim() == "1"
                && new FileInfo("/proc/self/ns/pid").LinkTarget == "pid:[4026531836]";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
