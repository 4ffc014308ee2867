using System.Collections.Concurrent;
using System.Net.Sockets;
using JobCloud.Node.Executor.Processes;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Makes sockets in network namespaces: a socket stays in the one that its maker was in
/// (setns(2)). That is a thread of its own, which is there only once it is needed; where it may not
/// enter, a <see cref="SocketMaker"/> does.</summary>
/// <param name="run">Where unix sockets are made for a moment.</param>
/// <param name="childAdded">The executor has a child more.</param>
internal sealed class NamespaceDoor(string run, Action childAdded) : IDisposable
{
    /// <summary>How long an ordinary user's way into the network of a job may take to be
    /// made.</summary>
    private static readonly TimeSpan EnterWithin = TimeSpan.FromSeconds(3);

    private readonly Spawner _spawner = new();
    private readonly BlockingCollection<Order> _orders = [];
    private Thread? _thread;
    private int _makers;

    /// <summary>A new socket in that network; null: this user may not enter it, or it is
    /// closed.</summary>
    public Task<Socket?> OpenAsync(JobNetwork network, AddressFamily family, SocketType type)
    {
        LazyInitializer.EnsureInitialized(ref _thread, Start);
        var order = new Order(network, family, type);
        try
        {
            _orders.Add(order);
        }
        catch (InvalidOperationException)
        {
            order.Made.SetResult(null); // The executor ends.
        }
        return order.Made.Task;
    }

    public void Dispose() => _orders.CompleteAdding();

    /// <summary>For a network that this process may not enter itself. Takes a moment.</summary>
    public SocketMaker? Maker(SafeFileHandle place) =>
        SocketMaker.Start(
            (int)place.DangerousGetHandle(),
            $"{run}/net.{++_makers}.sock",
            EnterWithin,
            Spawn
        );

    private Thread Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "namespaces" };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        using var home = NetNamespace.Open("/proc/self/ns/net");
        foreach (var order in _orders.GetConsumingEnumerable())
        {
            order.Made.SetResult(order.Network.Make(this, order.Family, order.Type));
            // A thread that stayed would keep the namespace alive.
            _ = Libc.setns(home, Libc.CLONE_NEWNET);
        }
        _spawner.Dispose();
    }

    private int Spawn(string program, IReadOnlyList<string> words)
    {
        const string Nothing = "/dev/null";
        var request = new SpawnRequest(program, words, [], "/", Nothing, Nothing, Nothing, true);
        var pid = _spawner.Spawn(request).Pid;
        if (pid != 0)
            childAdded();
        return pid;
    }

    private sealed record Order(JobNetwork Network, AddressFamily Family, SocketType Type)
    {
        public TaskCompletionSource<Socket?> Made { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
