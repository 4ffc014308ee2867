using System.IO.Pipelines;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>The client of a terminal: its frames, its identity and the signals that end the
/// terminal.</summary>
/// <param name="Frames">Receives ToTerminal and sends FromTerminal.</param>
/// <param name="Gone">Cancelled when the client disconnects.</param>
/// <param name="Ending">Cancelled when this node shuts down in order.</param>
internal sealed record TerminalCaller(
    IDuplexPipe Frames,
    Identity By,
    CancellationToken Gone,
    CancellationToken Ending
);
