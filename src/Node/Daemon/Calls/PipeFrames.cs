using System.IO.Pipelines;
using Google.Protobuf;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>Writes frames to pipes.</summary>
internal static class PipeFrames
{
    /// <summary>Adds one frame to the buffer; <see cref="PipeWriter.FlushAsync"/> sends
    /// it.</summary>
    public static void WriteFrame(this PipeWriter to, IMessage message) =>
        to.Advance(Frames.Write(message, to.GetSpan(Frames.SizeOf(message))));
}
