using System.Net;
using System.Net.Sockets;
using System.Text;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.Ports.PortsFixture;

namespace JobCloud.Node.Tests.Executor.Ports;

/// <summary>Jobs in their own network namespaces, where this user may create them.</summary>
public sealed class PortForwardTests(PortsFixture fixture) : IClassFixture<PortsFixture>
{
    private const int Megabyte = 1_000_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private readonly ExecutorClient _agent = fixture.Agent;

    [IsolationFact]
    public async Task Two_jobs_that_listen_on_the_same_port_are_both_reachable()
    {
        var jobs = new[] { Start("tcp 127.0.0.1 8000"), Start("tcp 0.0.0.0 8000") };

        var ports = await Task.WhenAll(jobs.Select(job => fixture.ReachAsync(job, 8000)));

        Assert.Equal(["127.0.0.1", "127.0.0.1"], ports.Select(p => p.Address));
        Assert.Equal(2, ports.Select(p => p.ReachedPort).Distinct().Count());
        Assert.All(ports, p => Assert.InRange(p.ReachedPort, 42_000, 42_999));
        Assert.Equal(ports[0], await fixture.ReachAsync(jobs[0], 8000));
        foreach (var (job, port) in jobs.Zip(ports))
        {
            Assert.Equal($"to {job.Jid}", await EchoAsync(port, $"to {job.Jid}"));
            _agent.Stop(job.Jid);
        }
    }

    [IsolationFact]
    public async Task IPv6_is_forwarded()
    {
        var job = Start("tcp ::1 8001");

        Assert.Equal("six", await EchoAsync(await fixture.ReachAsync(job, 8001), "six"));
        _agent.Stop(job.Jid);
    }

    [IsolationFact]
    public async Task Datagrams_are_forwarded_and_each_peer_gets_its_own_replies()
    {
        var job = Start("udp 127.0.0.1 53");
        var port = await fixture.ReachAsync(job, 53, Transport.Udp);
        using var first = await ConnectAsync(port);
        using var second = await ConnectAsync(port);
        var buffer = new byte[100];
        foreach (var (peer, text) in new[] { (first, "1st"), (second, "2nd"), (first, "3rd") })
        {
            await peer.SendAsync(Encoding.UTF8.GetBytes(text));
            var count = await peer.ReceiveAsync(buffer).WaitAsync(Timeout);
            Assert.Equal(text, Encoding.UTF8.GetString(buffer, 0, count));
        }
        _agent.Stop(job.Jid);
    }

    [IsolationFact]
    public async Task An_ended_job_leaves_no_sockets_and_no_namespaces()
    {
        await AllIsClosedAsync();
        var (tcp, udp) = (Start("tcp 127.0.0.1 8000"), Start("udp 127.0.0.1 8000"));
        var port = await fixture.ReachAsync(tcp, 8000);
        await fixture.ReachAsync(udp, 8000, Transport.Udp);
        using var client = await ConnectAsync(port);
        await client.SendAsync("x"u8.ToArray());
        Assert.Equal(1, await client.ReceiveAsync(new byte[1]));
        Assert.Equal(3, fixture.SocketsOfExecutor());
        Assert.Equal(2, fixture.NamespacesOfExecutor());

        _agent.Stop(tcp.Jid);
        _agent.Stop(udp.Jid);
        await _agent.EndedAsync(tcp.Jid);
        await _agent.EndedAsync(udp.Jid);

        await AllIsClosedAsync();
        await Eventually.HoldsAsync(
            () => fixture.ChildrenOfExecutor() == 0,
            "the socket makers exited"
        );
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(port));
    }

    [IsolationFact]
    public async Task A_client_gets_all_bytes_that_a_job_sent_before_its_end()
    {
        const int Sent = 100_000;
        var job = Start($"tcp 127.0.0.1 8000 end {Sent}");
        using var client = await ConnectAsync(await fixture.ReachAsync(job, 8000));

        await _agent.EndedAsync(job.Jid);

        Assert.Equal(Sent, (await ReadAllAsync(client)).Length);
    }

    [IsolationFact]
    public async Task A_slow_reader_blocks_its_job_and_does_not_use_the_nodes_memory()
    {
        const long TotalBytes = 2_000L * Megabyte;
        var job = Start($"tcp 127.0.0.1 8000 send {TotalBytes}");
        var port = await fixture.ReachAsync(job, 8000);
        using var client = await ConnectAsync(port);
        var before = fixture.MemoryOfExecutor();
        await new NetworkStream(client).ReadExactlyAsync(new byte[Megabyte]);
        await Eventually.HoldsAsync(() => client.Available > 0, "more bytes are available");

        Assert.InRange(fixture.MemoryOfExecutor() - before, long.MinValue, 20 * Megabyte);
        _agent.Stop(job.Jid);
        await _agent.EndedAsync(job.Jid);
    }

    [IsolationFact]
    public async Task An_aborted_client_does_not_affect_other_clients()
    {
        await AllIsClosedAsync();
        var job = Start("tcp 127.0.0.1 8000");
        var port = await fixture.ReachAsync(job, 8000);
        using var other = await ConnectAsync(port);
        await Eventually.HoldsAsync(
            () => fixture.SocketsOfExecutor() == 2,
            "the other client is connected"
        );
        using (var killed = await ConnectAsync(port))
        {
            await killed.SendAsync(new byte[Megabyte]);
            killed.LingerState = new(true, 0);
        }

        await Eventually.HoldsAsync(
            () => fixture.SocketsOfExecutor() == 2,
            "the aborted client is disconnected"
        );
        await other.SendAsync("still here"u8.ToArray());
        other.Shutdown(SocketShutdown.Send);
        Assert.Equal("still here"u8.ToArray(), await ReadAllAsync(other));
        _agent.Stop(job.Jid);
    }

    [IsolationFact]
    public async Task A_restarted_server_keeps_its_forwarded_port()
    {
        var once = Listen("tcp 127.0.0.1 8000 end 1");
        var job = Job(Isolated($"{once}; exec {Listen("tcp 127.0.0.1 8000")}"));
        job.PublishedPorts.Add(new PublishedPort { Port = 8000 });
        _agent.Start(job);
        var first = await fixture.ReachAsync(job, 8000);
        using (var client = await ConnectAsync(first))
            Assert.Single(await ReadAllAsync(client));
        await fixture.ReadPortsAsync(job, 2);

        Assert.Equal(first, await fixture.ReachAsync(job, 8000));
        Assert.Equal("again", await EchoAsync(first, "again"));
        _agent.Stop(job.Jid);
    }

    [IsolationFact]
    public async Task A_full_port_range_is_reported()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var taken = ((IPEndPoint)holder.LocalEndpoint).Port;
        await using var alone = await PortsFixture.StartAsync(limits =>
            (limits.RangeFirst, limits.RangeLast) = (taken, taken)
        );
        var job = Start("tcp 127.0.0.1 8000", alone);

        var port = await alone.ReachAsync(job, 8000);

        Assert.Equal(
            ("", 0, $"no port in {taken}-{taken} is free on the node"),
            (port.Address, port.ReachedPort, port.Trouble)
        );
    }

    [IsolationFact]
    public async Task Clients_over_the_limit_wait()
    {
        await using var alone = await PortsFixture.StartAsync(limits => limits.ConnectionsMax = 1);
        var port = await alone.ReachAsync(Start("tcp 127.0.0.1 8000", alone), 8000);
        using var first = await ConnectAsync(port);
        Assert.Equal("first", await ExchangeAsync(first, "first"));

        var second = EchoAsync(port, "second");
        Assert.Equal("third", await ExchangeAsync(first, "third"));
        Assert.False(second.IsCompleted);
        first.Dispose();

        Assert.Equal("second", await second.WaitAsync(Timeout));
    }

    [IsolationFact]
    public async Task A_network_in_another_user_namespace_is_reachable()
    {
        var job = Job(
            $"exec unshare -rn sh -c 'ip link set lo up && {Listen("tcp 127.0.0.1 8000")}'"
        );
        job.PublishedPorts.Add(new PublishedPort { Port = 8000 });
        _agent.Start(job);

        Assert.Equal("hello", await EchoAsync(await fixture.ReachAsync(job, 8000), "hello"));
        _agent.Stop(job.Jid);
    }

    private Task AllIsClosedAsync() =>
        Eventually.HoldsAsync(
            () => fixture.SocketsOfExecutor() == 0 && fixture.NamespacesOfExecutor() == 0,
            "all sockets and namespaces are closed"
        );

    [IsolationFact]
    public async Task A_port_that_is_not_published_is_named_and_nothing_is_opened()
    {
        await AllIsClosedAsync();
        var job = Job(Isolated($"exec {Listen("tcp 127.0.0.1 8000")}"));
        _agent.Start(job);

        var port = await fixture.ReachAsync(job, 8000);

        Assert.Equal(("127.0.0.1", 0), (port.Address, port.ReachedPort));
        Assert.Equal("it is not published; submit the job with --publish 8000", port.Trouble);
        Assert.Equal((0, 0), (fixture.SocketsOfExecutor(), fixture.NamespacesOfExecutor()));
        _agent.Stop(job.Jid);
    }

    [IsolationFact]
    public async Task A_published_port_is_open_before_anyone_asks()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var free = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var alone = await PortsFixture.StartAsync(limits =>
            (limits.RangeFirst, limits.RangeLast) = (free, free)
        );
        var job = Start("tcp 127.0.0.1 8000", alone);
        await alone.ReadPortsAsync(job);

        var port = new JobPort { Address = "127.0.0.1", ReachedPort = free };

        await Eventually.HoldsAsync(() => IsOpenAsync(port), "the port is open");
        Assert.Equal("hello", await EchoAsync(port, "hello"));
        alone.Agent.Stop(job.Jid);
    }

    /// <summary>Starts a job that listens and publishes its port.</summary>
    /// <param name="listen">Transport, address, port and more.</param>
    private StartProcess Start(string listen, PortsFixture? on = null)
    {
        var job = Job(Isolated($"exec {Listen(listen)}"));
        var words = listen.Split(' ');
        job.PublishedPorts.Add(
            new PublishedPort
            {
                Transport = words[0] == "udp" ? Transport.Udp : Transport.Tcp,
                Port = int.Parse(words[2]),
            }
        );
        (on ?? fixture).Agent.Start(job);
        return job;
    }

    private static async Task<bool> IsOpenAsync(JobPort port)
    {
        try
        {
            using var client = await ConnectAsync(port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<string> ExchangeAsync(Socket client, string text)
    {
        await client.SendAsync(Encoding.UTF8.GetBytes(text));
        var echo = new byte[100];
        return Encoding.UTF8.GetString(echo, 0, await client.ReceiveAsync(echo));
    }

    /// <summary>Sends a text, half-closes, and returns the reply until the other end
    /// closes.</summary>
    private static async Task<string> EchoAsync(JobPort port, string text)
    {
        using var client = await ConnectAsync(port);
        await client.SendAsync(Encoding.UTF8.GetBytes(text));
        client.Shutdown(SocketShutdown.Send);
        return Encoding.UTF8.GetString(await ReadAllAsync(client));
    }
}
