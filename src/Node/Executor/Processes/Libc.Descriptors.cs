using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Passing a descriptor between processes (unix(7), SCM_RIGHTS).</summary>
internal static unsafe partial class Libc
{
    private const int SCM_RIGHTS = 1;
    private const int MSG_CMSG_CLOEXEC = 0x4000_0000;

    /// <summary>One control message with one descriptor: cmsg(3).</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    private struct Rights
    {
        public nint Length;
        public int Level;
        public int Kind;
        public int Descriptor;
    }

    private static nint LengthOfRights => sizeof(nint) + 3 * sizeof(int);

    /// <summary>Whether an open failed for lack of descriptors or memory, so that a later one may
    /// succeed.</summary>
    public static bool IsOutOfDescriptors(int error) => error is EMFILE or ENFILE or ENOMEM;

    /// <summary>Sends a byte and, unless it is negative, a descriptor.</summary>
    public static bool SendDescriptor(int socket, byte data, int descriptor)
    {
        var rights = new Rights
        {
            Length = LengthOfRights,
            Level = SOL_SOCKET,
            Kind = SCM_RIGHTS,
            Descriptor = descriptor,
        };
        var buffer = new Buffer { Start = &data, Length = 1 };
        var message = new MessageHeader { Buffers = &buffer, BufferCount = 1 };
        if (descriptor >= 0)
        {
            message.Control = (byte*)&rights;
            message.ControlLength = sizeof(Rights);
        }
        return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
    }

    /// <summary>Receives the descriptor sent by <see cref="SendDescriptor"/>, with close-on-exec
    /// set; negative: none was sent.</summary>
    public static int ReceiveDescriptor(int socket)
    {
        byte data;
        Rights rights;
        var buffer = new Buffer { Start = &data, Length = 1 };
        var message = new MessageHeader
        {
            Buffers = &buffer,
            BufferCount = 1,
            Control = (byte*)&rights,
            ControlLength = sizeof(Rights),
        };
        var hasOne =
            recvmsg(socket, &message, MSG_CMSG_CLOEXEC) == 1
            && message.ControlLength >= LengthOfRights
            && rights is { Level: SOL_SOCKET, Kind: SCM_RIGHTS };
        return hasOne ? rights.Descriptor : -1;
    }
}
