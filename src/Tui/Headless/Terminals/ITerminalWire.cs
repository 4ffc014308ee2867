using JobCloud.Protocol.Terminals;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>A terminal's way to the node. Sending and receiving block; each is for one thread at a
/// time, but for <see cref="Send"/>, which several may call.</summary>
internal interface ITerminalWire : IDisposable
{
    /// <exception cref="IOException">The node has gone.</exception>
    void Send(ToTerminal message);

    /// <summary>The next message; null: the node broke off.</summary>
    FromTerminal? Receive();
}
