using System.IO.Pipelines;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>The job's end of a terminal: FromTerminal comes in, ToTerminal goes out. What disposes
/// of it hangs the terminal up.</summary>
internal interface ITerminalEnd : IDuplexPipe, IAsyncDisposable;
