using System.Collections.Concurrent;
using System.Net.Sockets;
using JobCloud.Node.Executor.Processes;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Makes sockets in network namespaces: a socket stays in the one that its maker was in
/// (setns(2)). That is a thread of its own, which is there only once it is needed.</summary>
internal sealed class NamespaceDoor : IDisposable
{
    private readonly BlockingCollection<Order> _orders = [];
    private readonly Lazy<Thread> _thread;

    public NamespaceDoor() =>
        _thread = new(() =>
        {
            var thread = new Thread(Run) { IsBackground = true, Name = "namespaces" };
            thread.Start();
            return thread;
        });

    /// <summary>A new socket in that namespace; null: this user may not enter it, or it is
    /// closed.</summary>
    public Task<Socket?> OpenAsync(SafeFileHandle place, AddressFamily family, SocketType type)
    {
        _ = _thread.Value;
        var order = new Order(place, family, type);
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

    private void Run()
    {
        using var home = NetNamespace.Open("/proc/self/ns/net");
        foreach (var order in _orders.GetConsumingEnumerable())
        {
            order.Made.SetResult(Make(order));
            // A thread that stayed would keep the namespace alive.
            _ = Libc.setns(home, Libc.CLONE_NEWNET);
        }
    }

    private static Socket? Make(Order order)
    {
        try
        {
            if (Libc.setns(order.Place, Libc.CLONE_NEWNET) != 0)
                return null;
            return new Socket(order.Family, order.Type, ProtocolType.Unspecified);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return null; // The job has ended, or there are no descriptors left.
        }
    }

    private sealed record Order(SafeFileHandle Place, AddressFamily Family, SocketType Type)
    {
        public TaskCompletionSource<Socket?> Made { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
