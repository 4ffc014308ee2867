using System.Net;
using System.Net.Sockets;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor.Ports;

/// <summary>An executor whose clients are all on this machine, and its agent.</summary>
public sealed class PortsFixture : IAsyncLifetime, IAsyncDisposable
{
    private int _request;

    public ExecutorProcess Executor { get; private set; } = null!;
    public ExecutorClient Agent { get; private set; } = null!;

    /// <summary>Starts an executor with changed limits.</summary>
    public static async Task<PortsFixture> StartAsync(Action<PortLimits> change)
    {
        var limits = ExecutorSettings.Defaults();
        limits.Ports.Address = "127.0.0.1";
        change(limits.Ports);
        var hello = ExecutorFixture.Greeting;
        hello.Limits = limits;
        var executor = await ExecutorProcess.StartAsync();
        return new() { Executor = executor, Agent = await executor.TalkAsync(hello) };
    }

    public async Task InitializeAsync()
    {
        var started = await StartAsync(_ => { });
        (Executor, Agent) = (started.Executor, started.Agent);
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Executor.DisposeAsync();
    }

    /// <summary>The command line that runs a command in its own network namespace with only the
    /// loopback interface. An ordinary user also needs a user namespace, as with
    /// bubblewrap.</summary>
    public static string Isolated(string command) =>
        $"exec unshare {UnshareOptions} sh -c 'ip link set lo up && {{ {command}; }}'";

    /// <summary>The options of unshare(1) that create the namespace for this user.</summary>
    internal static string UnshareOptions => Environment.IsPrivilegedProcess ? "-n" : "-rn";

    /// <summary>The command of a job that listens as specified and writes its port.</summary>
    public static string Listen(string arguments) => Dummy($"listen {arguments}");

    /// <summary>Waits until the job has written this many ports and returns them.</summary>
    public async Task<int[]> ReadPortsAsync(StartProcess job, int count = 1)
    {
        var stdout = Executor.Home.Attempt(new Jid(job.Jid), job.Attempt).Stdout;
        string[] Lines() => File.Exists(stdout) ? File.ReadAllText(stdout).Split('\n')[..^1] : [];
        await Eventually.HoldsAsync(() => Lines().Length >= count, $"ports of {job.Jid}");
        return [.. Lines().Select(int.Parse)];
    }

    /// <summary>The ports of a job; with an awaited port, waits for it.</summary>
    public async Task<AttemptPorts?> FindAsync(
        StartProcess job,
        int awaited = 0,
        Transport transport = Transport.Tcp,
        long waitMs = 15_000
    )
    {
        var answer = await AskAsync(job, awaited, transport, waitMs);
        return answer.Attempts.SingleOrDefault();
    }

    /// <summary>Waits until the job listens on a port and returns its reachable address.</summary>
    public async Task<JobPort> ReachAsync(
        StartProcess job,
        int port,
        Transport transport = Transport.Tcp
    )
    {
        await Agent.StartedAsync(job.Jid);
        var found = await FindAsync(job, port, transport);
        return found!.Ports.Ports.Single(p => p.Transport == transport && p.Port == port);
    }

    public async Task<PortsFound> AskAsync(
        StartProcess job,
        int awaited,
        Transport transport,
        long waitMs
    )
    {
        var request = Interlocked.Increment(ref _request);
        var asked = new FindPorts
        {
            Request = request,
            Attempts =
            {
                new AskedAttempt { Jid = job.Jid, Attempt = job.Attempt },
            },
            WaitMs = waitMs,
        };
        if (awaited > 0)
            asked.Awaited = new() { Transport = transport, Port = awaited };
        Agent.Send(new ToExecutor { Ports = asked });
        return (await Agent.WaitForAsync(m => m.Ports?.Request == request, "ports")).Ports;
    }

    public static async Task<Socket> ConnectAsync(JobPort port)
    {
        var (type, protocol) =
            port.Transport == Transport.Tcp
                ? (SocketType.Stream, ProtocolType.Tcp)
                : (SocketType.Dgram, ProtocolType.Udp);
        var end = new IPEndPoint(IPAddress.Parse(port.Address), port.ReachedPort);
        var socket = new Socket(end.AddressFamily, type, protocol);
        await socket.ConnectAsync(end);
        return socket;
    }

    /// <summary>Reads until the other end closes.</summary>
    public static async Task<byte[]> ReadAllAsync(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        int count;
        while ((count = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(15))) > 0)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    /// <summary>A port that is free at the moment.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork,
            SocketType.Stream,
            ProtocolType.Tcp
        );
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>The number of IP sockets of the executor's own namespace that it holds.</summary>
    public int SocketsOfExecutor()
    {
        var links = LinksOfExecutor().ToHashSet();
        string[] tables = ["tcp", "tcp6", "udp", "udp6"];
        return tables
            .Select(table => $"/proc/{Executor.Pid}/net/{table}")
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(fields => fields.Length > 9 && links.Contains($"socket:[{fields[9]}]"));
    }

    /// <summary>The number of network namespaces that the executor holds open, without its
    /// own.</summary>
    public int NamespacesOfExecutor()
    {
        var own = new FileInfo($"/proc/{Executor.Pid}/ns/net").LinkTarget;
        return LinksOfExecutor().Count(link => link.StartsWith("net:") && link != own);
    }

    public int ChildrenOfExecutor() =>
        ProcessesOf.Children(Executor.Pid).Except(ProcessesOf.Guards(Executor.Pid)).Count();

    /// <summary>The executor's resident memory, bytes.</summary>
    public long MemoryOfExecutor() =>
        long.Parse(File.ReadAllText($"/proc/{Executor.Pid}/statm").Split(' ')[1])
        * Environment.SystemPageSize;

    private IEnumerable<string> LinksOfExecutor() =>
        Directory
            .EnumerateFiles($"/proc/{Executor.Pid}/fd")
            .Select(path => new FileInfo(path).LinkTarget ?? "");
}
