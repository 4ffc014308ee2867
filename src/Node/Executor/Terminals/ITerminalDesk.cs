using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>What terminals' threads ask of the loop's. For any thread; answers come by
/// <see cref="Terminal.Tell"/>.</summary>
internal interface ITerminalDesk
{
    /// <summary>Start its process. Answered always: started or refused.</summary>
    void Open(Terminal terminal, OpenTerminal open, TerminalEnds ends);

    /// <summary>Signal a process group of it.</summary>
    /// <param name="group">0: the one of its first process.</param>
    void Signal(Terminal terminal, int signal, int group);

    /// <summary>It is over: the loop's thread disposes of it.</summary>
    void Over(Terminal terminal);
}
