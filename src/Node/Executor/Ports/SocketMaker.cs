using System.Diagnostics;
using System.Net.Sockets;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Ports;

/// <summary>A child process that creates sockets in the network of a job that the executor cannot
/// enter: an ordinary user's network belongs to a user namespace, which only a single-threaded
/// process can enter (user_namespaces(7)). It passes the sockets to the executor (unix(7)) until
/// its connection closes.</summary>
internal sealed class SocketMaker : IDisposable
{
    /// <summary>The option that starts the program as a socket maker; followed by a path to connect
    /// to.</summary>
    public const string Option = "--sockets-for";

    private const string Nsenter = "/usr/bin/nsenter";

    /// <summary>Interval of the checks whether the child has exited.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private readonly Socket _connection;

    private SocketMaker(Socket connection) => _connection = connection;

    /// <summary>Starts a socket maker; null: this user has no permission to enter that network, or
    /// util-linux is missing.</summary>
    /// <param name="place">The network namespace.</param>
    /// <param name="path">Path of a temporary unix socket.</param>
    /// <param name="spawn">Starts a child of the executor; returns its pid, or 0 on
    /// failure.</param>
    public static SocketMaker? Start(
        int place,
        string path,
        TimeSpan within,
        Func<string, IReadOnlyList<string>, int> spawn
    )
    {
        var owner = Libc.OwnerOf(place);
        if (owner < 0 || Environment.ProcessPath is not { } program)
            return null;
        try
        {
            using var listener = new Socket(
                AddressFamily.Unix,
                SocketType.Stream,
                ProtocolType.Unspecified
            );
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(1);
            var own = $"/proc/{Libc.getpid()}/fd";
            string[] arguments =
            [
                "nsenter",
                "--preserve-credentials",
                $"--user={own}/{owner}",
                $"--net={own}/{place}",
                program,
                Option,
                path,
            ];
            var pid = spawn(Nsenter, arguments);
            var watch = Stopwatch.StartNew();
            while (pid != 0 && watch.Elapsed < within && Libc.kill(pid, 0) == 0)
            {
                if (listener.Poll(PollInterval, SelectMode.SelectRead))
                    return new(listener.Accept());
            }
            return null;
        }
        catch (SocketException)
        {
            return null; // The path is invalid, or no descriptors are left.
        }
        finally
        {
            _ = Libc.unlink(path);
            _ = Libc.close(owner);
        }
    }

    /// <summary>Creates sockets for the executor that listens at a path, until it disconnects;
    /// returns the exit code.</summary>
    public static int Serve(string path)
    {
        using var executor = new Socket(
            AddressFamily.Unix,
            SocketType.Stream,
            ProtocolType.Unspecified
        );
        executor.Connect(new UnixDomainSocketEndPoint(path));
        var order = new byte[2];
        while (executor.Receive(order) == order.Length)
        {
            using var made = TryOpen((AddressFamily)order[0], (SocketType)order[1]);
            var descriptor = made is null ? -1 : (int)made.SafeHandle.DangerousGetHandle();
            if (!Libc.SendDescriptor((int)executor.SafeHandle.DangerousGetHandle(), 0, descriptor))
                break;
        }
        return 0;
    }

    /// <summary>Requests a socket; null: the child has exited.</summary>
    public Socket? Make(AddressFamily family, SocketType type)
    {
        try
        {
            _connection.Send([(byte)family, (byte)type]);
            var fd = Libc.ReceiveDescriptor((int)_connection.SafeHandle.DangerousGetHandle());
            return fd < 0 ? null : new(new SafeSocketHandle(fd, ownsHandle: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    public void Dispose() => _connection.Dispose();

    private static Socket? TryOpen(AddressFamily family, SocketType type)
    {
        try
        {
            return new(family, type, ProtocolType.Unspecified);
        }
        catch (SocketException)
        {
            return null; // The namespace has no IPv6, or no descriptors are left.
        }
    }
}
