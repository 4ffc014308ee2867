using System.IO.Pipelines;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>The job's side of a terminal: receives FromTerminal and sends ToTerminal. Disposing it
/// hangs up the terminal.</summary>
internal interface ITerminalPipe : IDuplexPipe, IAsyncDisposable;
