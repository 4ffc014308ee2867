using System.IO.Pipelines;
using Google.Protobuf;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>The job's end of a terminal: FromTerminal comes in, ToTerminal goes out. What disposes of
/// it hangs the terminal up.</summary>
public interface ITerminalEnd : IDuplexPipe, IAsyncDisposable;

/// <summary>Frames into pipes.</summary>
public static class PipeFrames
{
    /// <summary>Writes one frame; <see cref="PipeWriter.FlushAsync"/> sends it.</summary>
    public static void WriteFrame(this PipeWriter to, IMessage message) =>
        to.Advance(Frames.Write(message, to.GetSpan(Frames.SizeOf(message))));
}
