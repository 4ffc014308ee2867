using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using static JobCloud.Attacks.ClusterPortFrames;

namespace JobCloud.Attacks;

/// <summary>Attacks on the cluster port of a node.</summary>
public static class ClusterPortAttacks
{
    private const string Coordinator = "/system/sharding/segmentsCoordinator";

    /// <summary>Without a certificate of the cloud's CA.</summary>
    public static IReadOnlyList<Attack<AttackedPort>> Strangers { get; } =
    [
        new("plain-tcp", "sends frames without TLS", PlainAsync),
        new("handshake", "connects with TLS and introduces itself", HandshakeAsync),
    ];

    /// <summary>What only a node may send; a client must not.</summary>
    public static IReadOnlyList<Attack<AttackedPort>> Clients { get; } =
    [
        Sends("start", "starts a job at the agent", port => ToAgent(port, Start())),
        Sends("start-by-selection", "starts a job by a selection", SelectAgent),
        Sends("ticket", "makes itself an admin at the client gateway", Ticket),
        Sends(
            "answer",
            "answers a question in another's place",
            port => RawFrames.Message($"{port.Address}/temp/a", 120, "nodes.LeaseGranted", [])
        ),
        Sends(
            "shards",
            "takes over the segments",
            port =>
                RawFrames.Message(
                    $"{port.Address}{Coordinator}/singleton/coordinator",
                    13,
                    "BA",
                    []
                )
        ),
        Sends(
            "watch",
            "watches a single actor",
            port => Watch($"{port.Address}/user/scheduler/scheduler", port, 1)
        ),
        Sends("join-as-control", "joins with the role control", port => Join(port, "control")),
        Sends(
            "other-sender",
            "asks in the name of a node",
            port =>
                RawFrames.Message(
                    $"{port.Address}/user/gateway",
                    120,
                    "gateway.Ask",
                    [],
                    $"{port.Address}/user/x"
                )
        ),
    ];

    /// <summary>What no member may send.</summary>
    public static IReadOnlyList<Attack<AttackedPort>> Members { get; } =
    [
        Sends(
            "poison",
            "ends the agent",
            port => RawFrames.Message($"{port.Address}{Agent}", RawFrames.Misc, "PP", [])
        ),
        Sends(
            "kill",
            "kills the agent",
            port => RawFrames.Message($"{port.Address}{Agent}", RawFrames.Misc, "K", [])
        ),
        Sends(
            "poison-system",
            "ends the cluster's own actor",
            port =>
                RawFrames.Message(
                    $"{port.Address}/system/cluster/core/daemon",
                    RawFrames.Misc,
                    "PP",
                    []
                )
        ),
        Sends(
            "poison-all",
            "ends all actors by a pattern",
            port => Select(port, RawFrames.Payload(RawFrames.Misc, "PP", []), 3, "user", "*")
        ),
        Sends(
            "poison-parent",
            "ends an actor by way of another",
            port =>
                Select(port, RawFrames.Payload(RawFrames.Misc, "PP", []), 1, "user", "agent", "x")
        ),
        Sends(
            "dots",
            "reaches an actor by a path with dots",
            port =>
                RawFrames.Message(
                    $"{port.Address}/user/scheduler/../agent",
                    120,
                    "nodes.StartAttempts",
                    []
                )
        ),
        Sends(
            "deploy",
            "starts an actor of a named type",
            port =>
                RawFrames.Message(
                    $"{port.Address}/remote",
                    3,
                    "",
                    RawFrames.Text(3, "System.Object")
                )
        ),
        Sends(
            "json",
            "creates a type named in JSON",
            port =>
                RawFrames.Message(
                    $"{port.Address}{Agent}",
                    1,
                    "",
                    Encoding.UTF8.GetBytes("{\"$type\":\"System.Diagnostics.Process\"}")
                )
        ),
        Sends(
            "protobuf",
            "creates a type by the general serializer",
            port =>
                RawFrames.Message($"{port.Address}{Agent}", 2, "System.Object, System.Runtime", [])
        ),
        Sends(
            "exception",
            "creates an exception of a named type",
            port =>
                RawFrames.Message(
                    $"{port.Address}{Agent}",
                    RawFrames.Misc,
                    "STF",
                    RawFrames.Field(1, RawFrames.Text(1, "System.IO.FileNotFoundException"))
                )
        ),
        Sends(
            "terminate",
            "ends an actor by a system message",
            port =>
                RawFrames.Message(
                    $"{port.Address}{Agent}",
                    RawFrames.SystemMessages,
                    $"{SysMsg}.Terminate, Akka",
                    [],
                    order: 0
                )
        ),
        Sends(
            "forged-end",
            "reports the end of another node's actor",
            port =>
                RawFrames.Message(
                    $"{port.Address}/system/remote-watcher",
                    RawFrames.SystemMessages,
                    $"{SysMsg}.DeathWatchNotification, Akka",
                    [
                        .. RawFrames.Field(1, RawFrames.Text(1, $"{port.Address}{Agent}")),
                        .. RawFrames.Number(2, 1),
                    ],
                    order: 0
                )
        ),
        Sends(
            "watch-user",
            "watches an actor that no other node watches",
            port => Watch($"{port.Address}{Agent}", port, 1)
        ),
        Sends(
            "join-as-other",
            "joins under the name of another node",
            port => Join(port, "control", "node.n9")
        ),
        Sends(
            "join-without-name",
            "joins as a node without a name",
            port => Join(port, "control", "worker")
        ),
        new("watch-flood", "watches with 10,000 watchers", WatchFloodAsync),
        new("order-flood", "sends 10,000 ordered messages with a gap", OrderFloodAsync),
        new(
            "name-of-node",
            "introduces itself as the node itself",
            port => IntroduceAsync(port, RawFrames.Introduction("127.0.0.1", port.At.Port))
        ),
        new(
            "other-system",
            "introduces itself as another system",
            port => IntroduceAsync(port, RawFrames.Introduction("127.0.0.1", 1, "other"))
        ),
        new(
            "no-introduction",
            "sends a message first",
            port => IntroduceAsync(port, ToAgent(port, Start()))
        ),
        new("oversized", "announces a frame of 2 GB", OversizedAsync),
    ];

    /// <summary>Some frames that a node may send.</summary>
    internal static IReadOnlyList<byte[]> Samples(AttackedPort port) =>
        [
            ToAgent(port, Start()),
            ToGateway(port),
            Watch($"{port.Address}/user/scheduler/scheduler", port, 1),
            SelectAgent(port),
            Select(
                port,
                RawFrames.Payload(RawFrames.Cluster, "HB", []),
                2,
                "system",
                "cluster",
                "heartbeatReceiver"
            ),
            RawFrames.Introduction("127.0.0.1", port.OwnPort),
        ];

    private static Attack<AttackedPort> Sends(
        string name,
        string tries,
        Func<AttackedPort, byte[]> frame
    ) =>
        new(
            name,
            tries,
            async port =>
            {
                using var connection = await port.JoinAsync();
                await connection.SendAsync(frame(port), ToGateway(port));
                return await connection.ReadAsync() is null
                    ? "the node closed the connection"
                    : "an introduction and no answer";
            }
        );

    private static async Task<string> PlainAsync(AttackedPort port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(port.At);
        try
        {
            await client.GetStream().WriteAsync(RawFrames.Introduction("127.0.0.1", 1));
            var got = await client.GetStream().ReadAsync(new byte[1]);
            return got == 0 ? "the node closed the connection" : "a TLS alert";
        }
        catch (IOException)
        {
            return "the node closed the connection";
        }
    }

    private static async Task<string> HandshakeAsync(AttackedPort port)
    {
        try
        {
            using var connection = await port.JoinAsync();
            return await connection.ReadAsync() is null
                ? "the node closed the connection"
                : "an introduction";
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return "the node closed the connection";
        }
    }

    private static async Task<string> IntroduceAsync(AttackedPort port, byte[] frame)
    {
        using var connection = await port.ConnectAsync();
        await connection.SendAsync(frame);
        return await connection.UntilClosedAsync();
    }

    private static async Task<string> OversizedAsync(AttackedPort port)
    {
        using var connection = await port.JoinAsync();
        await connection.SendRawAsync([0xff, 0xff, 0xff, 0x7f, 0x0a]);
        return await connection.UntilClosedAsync();
    }

    private static async Task<string> WatchFloodAsync(AttackedPort port)
    {
        using var connection = await port.JoinAsync();
        var watched = $"{port.Address}/user/scheduler/scheduler";
        try
        {
            for (var i = 1; i <= 10_000; i++)
                await connection.SendAsync(Watch(watched, port, i));
        }
        catch (IOException)
        {
            // The node closed the connection meanwhile.
        }
        return await connection.UntilClosedAsync();
    }

    private static async Task<string> OrderFloodAsync(AttackedPort port)
    {
        using var connection = await port.JoinAsync();
        try
        {
            for (var i = 1ul; i <= 10_000; i++)
                await connection.SendAsync(
                    RawFrames.Message(
                        $"{port.Address}{Agent}",
                        120,
                        "nodes.StopAttempts",
                        [],
                        order: i + 5
                    )
                );
        }
        catch (IOException)
        {
            // The node closed the connection meanwhile.
        }
        return await connection.UntilClosedAsync();
    }
}
