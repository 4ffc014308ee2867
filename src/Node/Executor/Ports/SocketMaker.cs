using System.Diagnostics;
using System.Net.Sockets;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Ports;

/// <summary>A process of ours that stands in the network of a job which this one may not enter:
/// that of an ordinary user belongs to a user namespace, and only a process with a single thread
/// can enter such a one (user_namespaces(7)). It makes sockets there and hands them over (unix(7)),
/// until its connection is closed.</summary>
internal sealed class SocketMaker : IDisposable
{
    /// <summary>What tells the program that it is to be one; followed by a path to connect
    /// to.</summary>
    public const string Option = "--sockets-for";

    private const string Nsenter = "/usr/bin/nsenter";

    /// <summary>Between looks whether it has given up.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private readonly Socket _connection;

    private SocketMaker(Socket connection) => _connection = connection;

    /// <summary>Starts one; null: this user may not enter that network, or util-linux is
    /// missing.</summary>
    /// <param name="place">The network namespace.</param>
    /// <param name="path">Of a unix socket that is made for the moment.</param>
    /// <param name="spawn">Starts a child of the executor; returns its pid, 0: it could
    /// not.</param>
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
            using var door = new Socket(
                AddressFamily.Unix,
                SocketType.Stream,
                ProtocolType.Unspecified
            );
            door.Bind(new UnixDomainSocketEndPoint(path));
            door.Listen(1);
            var own = $"/proc/{Libc.getpid()}/fd";
            string[] words =
            [
                "nsenter",
                "--preserve-credentials",
                $"--user={own}/{owner}",
                $"--net={own}/{place}",
                program,
                Option,
                path,
            ];
            var pid = spawn(Nsenter, words);
            var watch = Stopwatch.StartNew();
            while (pid != 0 && watch.Elapsed < within && Libc.kill(pid, 0) == 0)
            {
                if (door.Poll(Look, SelectMode.SelectRead))
                    return new(door.Accept());
            }
            return null;
        }
        catch (SocketException)
        {
            return null; // No such path, or no descriptors are left.
        }
        finally
        {
            _ = Libc.unlink(path);
            _ = Libc.close(owner);
        }
    }

    /// <summary>Makes sockets for the executor that listens at a path, until it has enough of them;
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

    /// <summary>A new socket there; null: it has gone.</summary>
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
            return null; // No IPv6 there, or no descriptors are left.
        }
    }
}
