using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.Ports.PortsFixture;

namespace JobCloud.Node.Tests.Executor.Ports;

public sealed class ListeningTests(PortsFixture fixture) : IClassFixture<PortsFixture>
{
    private readonly ExecutorClient _agent = fixture.Agent;

    [Theory]
    [InlineData("tcp 127.0.0.1", "127.0.0.1", Transport.Tcp)]
    [InlineData("tcp ::1", "::1", Transport.Tcp)]
    [InlineData("udp 127.0.0.1", "127.0.0.1", Transport.Udp)]
    [InlineData("udp ::1", "::1", Transport.Udp)]
    public async Task A_listening_job_is_found_with_its_address(
        string where,
        string address,
        Transport transport
    )
    {
        var job = Job($"exec {Listen($"{where} 0")}");
        _agent.Start(job);
        var port = Assert.Single(await fixture.ReadPortsAsync(job));

        var found = await fixture.FindAsync(job);
        _agent.Stop(job.Jid);

        var only = Assert.Single(found!.Ports.Ports);
        Assert.Equal(
            (transport, port, address, port, ""),
            (only.Transport, only.Port, only.Address, only.ReachedPort, only.Trouble)
        );
    }

    [Fact]
    public async Task Ports_of_children_and_daemons_belong_to_their_job()
    {
        var one = Listen("tcp 127.0.0.1 0");
        var job = Job($"{one} & setsid -f {one}; wait");
        _agent.Start(job);
        var written = await fixture.ReadPortsAsync(job, 2);

        var found = await fixture.FindAsync(job);
        _agent.Stop(job.Jid);

        Assert.Equal(written.Order(), found!.Ports.Ports.Select(p => p.Port));
    }

    [Fact]
    public async Task Each_job_has_only_its_own_ports()
    {
        var (first, second) = (Job($"exec {Listen("tcp 127.0.0.1 0")}"), Job("exec sleep 60"));
        _agent.Start(first);
        _agent.Start(second);
        await fixture.ReadPortsAsync(first);
        await _agent.StartedAsync(second.Jid);

        Assert.Single((await fixture.FindAsync(first))!.Ports.Ports);
        Assert.Empty((await fixture.FindAsync(second))!.Ports.Ports);
        _agent.Stop(first.Jid);
        _agent.Stop(second.Jid);
        await _agent.EndedAsync(first.Jid);
        Assert.Null(await fixture.FindAsync(first));
    }

    [Fact]
    public async Task A_wait_for_a_port_ends_when_the_job_ends()
    {
        var job = Job("exec sleep 60");
        _agent.Start(job);
        await _agent.StartedAsync(job.Jid);
        var waiting = fixture.FindAsync(job, FreePort());
        Assert.Empty((await fixture.FindAsync(job))!.Ports.Ports);
        Assert.False(waiting.IsCompleted);

        _agent.Stop(job.Jid);

        Assert.Null(await waiting);
    }

    [Fact]
    public async Task A_wait_for_a_port_ends_as_soon_as_the_job_listens()
    {
        var port = FreePort();
        var job = Job($"sleep 0.3; exec {Listen($"tcp 127.0.0.1 {port}")}");
        _agent.Start(job);
        await _agent.StartedAsync(job.Jid);
        var waiting = fixture.FindAsync(job, port);
        var written = fixture
            .ReadPortsAsync(job)
            .ContinueWith(_ => Stopwatch.GetTimestamp(), TaskScheduler.Default);

        Assert.Equal(port, Assert.Single((await waiting)!.Ports.Ports).Port);

        var answered = Stopwatch.GetTimestamp();
        _agent.Stop(job.Jid);
        // Takes 50 ms on an idle machine; this one may be busy.
        Assert.InRange(
            Stopwatch.GetElapsedTime(await written, answered).TotalMilliseconds,
            -100,
            1_000
        );
    }

    [Fact]
    public async Task A_wait_for_a_port_ends_at_its_timeout()
    {
        var job = Job("exec sleep 60");
        _agent.Start(job);
        await _agent.StartedAsync(job.Jid);

        var found = await fixture.FindAsync(job, FreePort(), waitMs: 100);
        _agent.Stop(job.Jid);

        Assert.Empty(found!.Ports.Ports);
    }
}
