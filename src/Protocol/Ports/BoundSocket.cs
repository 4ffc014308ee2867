using System.Net;

namespace JobCloud.Protocol.Ports;

/// <summary>A socket that listens (TCP) or accepts datagrams from any peer (UDP).</summary>
/// <param name="Inode">Its identity on the machine, as in /proc/PID/fd.</param>
public readonly record struct BoundSocket(
    Transport Transport,
    IPAddress Address,
    int Port,
    long Inode
);
