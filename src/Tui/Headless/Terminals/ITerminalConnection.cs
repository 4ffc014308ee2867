using JobCloud.Protocol.Terminals;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>The connection of a terminal to its node. Calls block. Several threads can call
/// <see cref="Send"/>, but only one can call <see cref="Receive"/>.</summary>
internal interface ITerminalConnection : IDisposable
{
    /// <exception cref="IOException">The node closed the connection.</exception>
    void Send(ToTerminal message);

    /// <summary>The next message; null if the node closed the connection.</summary>
    FromTerminal? Receive();
}
