using System.Net;

namespace JobCloud.Protocol.Ports;

/// <summary>A socket that listens (TCP), or takes datagrams from anybody (UDP).</summary>
/// <param name="Inode">Its identity within the machine: what /proc/PID/fd shows.</param>
public readonly record struct BoundSocket(
    Transport Transport,
    IPAddress Address,
    int Port,
    long Inode
);
