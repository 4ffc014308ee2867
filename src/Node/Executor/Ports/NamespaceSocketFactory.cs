using System.Collections.Concurrent;
using System.Net.Sockets;
using JobCloud.Node.Executor.Processes;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Creates sockets in network namespaces. A socket belongs to the namespace of the thread
/// that creates it (setns(2)), so a dedicated thread does this, started on first use. Where the
/// thread has no permission to enter, a <see cref="SocketMaker"/> creates the socket.</summary>
/// <param name="run">The directory for temporary unix sockets.</param>
/// <param name="childAdded">Called when the executor has a new child.</param>
internal sealed class NamespaceSocketFactory(string run, Action childAdded) : IDisposable
{
    /// <summary>The time that the start of a socket maker may take, for a node of an ordinary
    /// user.</summary>
    private static readonly TimeSpan EnterWithin = TimeSpan.FromSeconds(3);

    private readonly Spawner _spawner = new();
    private readonly BlockingCollection<Order> _orders = [];
    private Thread? _thread;
    private int _makers;

    /// <summary>Creates a socket in that network; null: this user has no permission to enter it, or
    /// it is closed.</summary>
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
            order.Made.SetResult(null); // The executor is stopping.
        }
        return order.Made.Task;
    }

    public void Dispose() => _orders.CompleteAdding();

    /// <summary>Starts a socket maker for a network that this process cannot enter. Takes a
    /// moment.</summary>
    public SocketMaker? StartMaker(SafeFileHandle place) =>
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
            // Otherwise the thread would keep the namespace alive.
            _ = Libc.setns(home, Libc.CLONE_NEWNET);
        }
        _spawner.Dispose();
    }

    private int Spawn(string program, IReadOnlyList<string> arguments)
    {
        const string Nothing = "/dev/null";
        var request = new SpawnRequest(
            program,
            arguments,
            [],
            "/",
            Nothing,
            Nothing,
            Nothing,
            true
        );
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
