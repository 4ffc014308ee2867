using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>The requests of terminal threads to the event-loop thread. Thread-safe; answers arrive
/// through <see cref="JobTerminal.Send"/>.</summary>
internal interface ITerminalService
{
    /// <summary>Starts a terminal's process. Always answered: started or refused.</summary>
    void Open(JobTerminal terminal, OpenTerminal open, TerminalStreams ends);

    /// <summary>Signals a process group of the terminal.</summary>
    /// <param name="group">The group; 0: that of the terminal's first process.</param>
    void Signal(JobTerminal terminal, int signal, int group);

    /// <summary>Reports that a terminal is finished; the event-loop thread disposes it.</summary>
    void Finished(JobTerminal terminal);

    /// <summary>Reports a fault of a terminal's thread.</summary>
    void Failed(Exception fault);
}
