using Google.Protobuf;
using JobCloud.Protocol.ClientGateway;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Attacks;

/// <summary>The frames of attacks on the cluster port.</summary>
public static class ClusterPortFrames
{
    internal const string SysMsg = "Akka.Dispatch.SysMsg";
    internal const string Agent = "/user/agent";

    public static StartAttempts Start() => new() { Node = "n1" };

    /// <summary>A message that a node may send: it shows that the frames are right.</summary>
    public static byte[] ToAgent(AttackedPort port, StartAttempts start) =>
        RawFrames.Message(
            $"{port.Address}{Agent}",
            120,
            "nodes.StartAttempts",
            start.ToByteArray()
        );

    /// <summary>A message that a client may send.</summary>
    public static byte[] ToGateway(AttackedPort port, Ask? ask = null) =>
        RawFrames.Message(
            $"{port.Address}/user/gateway",
            120,
            "gateway.Ask",
            (ask ?? new Ask()).ToByteArray()
        );

    internal static byte[] Watch(string watched, AttackedPort port, int number) =>
        RawFrames.Message(
            watched,
            RawFrames.SystemMessages,
            $"{SysMsg}.Watch, Akka",
            [
                .. RawFrames.Field(1, RawFrames.Text(1, watched)),
                .. RawFrames.Field(
                    2,
                    RawFrames.Text(1, $"{port.OwnAddress}/system/remote-watcher#{number}")
                ),
            ]
        );

    internal static byte[] SelectAgent(AttackedPort port) =>
        Select(
            port,
            RawFrames.Payload(120, "nodes.StartAttempts", Start().ToByteArray()),
            2,
            "user",
            "agent"
        );

    internal static byte[] Select(
        AttackedPort port,
        byte[] payload,
        int kind,
        params string[] steps
    ) =>
        RawFrames.Message(
            $"{port.Address}/",
            RawFrames.Selection,
            "",
            RawFrames.Selected(payload, kind, steps)
        );

    internal static byte[] Ticket(AttackedPort port) =>
        RawFrames.Message($"{port.Address}/user/gateway", 120, "gateway.TicketGiven", []);

    internal static byte[] Join(AttackedPort port, params string[] roles) =>
        RawFrames.Message(
            $"{port.Address}/system/cluster/core/daemon",
            RawFrames.Cluster,
            "Akka.Cluster.InternalClusterAction+Join, Akka.Cluster",
            [
                .. RawFrames.Field(
                    1,
                    [
                        .. RawFrames.Field(
                            1,
                            RawFrames.Address("akka.ssl.tcp", "jobcloud", "127.0.0.1", port.OwnPort)
                        ),
                        .. RawFrames.Number(2, 7),
                    ]
                ),
                .. roles.SelectMany(role => RawFrames.Text(2, role)),
            ]
        );
}
