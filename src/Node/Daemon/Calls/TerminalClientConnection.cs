using System.IO.Pipelines;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>The client of a terminal: its frames, its identity and the signals that end the
/// terminal.</summary>
/// <param name="Frames">Receives ToTerminal and sends FromTerminal.</param>
/// <param name="Disconnected">Cancelled when the client disconnects.</param>
/// <param name="Stopping">Cancelled when this node shuts down in order.</param>
internal sealed record TerminalClientConnection(
    IDuplexPipe Frames,
    Identity By,
    CancellationToken Disconnected,
    CancellationToken Stopping
);
