namespace JobCloud.Protocol.Wire;

/// <summary>
/// The second language of the local socket, for commands that make few calls and end: the messages
/// of a session (Request, Reply), each preceded by its length as a varint, one call after another.
/// It saves them the 5 ms that starting an HTTP/2 client takes.
/// </summary>
public static class PlainDoor
{
    /// <summary>What such a connection begins with: as long as the preface of HTTP/2 (RFC 9113,
    /// 3.4), so that a server which knows only that one sees at once that this is
    /// another.</summary>
    public static ReadOnlySpan<byte> Greeting => "JobCloud plain frames 2\n"u8;

    /// <summary>What a connection that is one terminal begins with, as long as the other; then come
    /// ToTerminal and FromTerminal.</summary>
    public static ReadOnlySpan<byte> TerminalGreeting => "JobCloud one terminal 1\n"u8;
}
