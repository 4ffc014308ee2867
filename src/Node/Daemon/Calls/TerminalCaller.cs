using System.IO.Pipelines;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>Who opens a terminal: their frames, and what ends it.</summary>
/// <param name="Frames">ToTerminal comes in, FromTerminal goes out.</param>
/// <param name="Gone">Cancelled when the client has disappeared.</param>
/// <param name="Ending">Cancelled when this node ends in order.</param>
internal sealed record TerminalCaller(
    IDuplexPipe Frames,
    Identity By,
    CancellationToken Gone,
    CancellationToken Ending
);
