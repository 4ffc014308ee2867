namespace JobCloud.Protocol.Wire;

/// <summary>
/// The plain protocol of the local socket, for short-lived commands with few calls: the messages of
/// a session (Request, Reply), each preceded by its length as a varint, one call after another. It
/// saves the 5 ms that starting an HTTP/2 client takes.
/// </summary>
public static class PlainProtocol
{
    /// <summary>The first bytes of such a connection: as long as the preface of HTTP/2 (RFC 9113,
    /// 3.4), so that a server that supports only HTTP/2 rejects it at once.</summary>
    public static ReadOnlySpan<byte> Greeting => "JobCloud plain frames 2\n"u8;

    /// <summary>The first bytes of a connection for one terminal, equally long; ToTerminal and
    /// FromTerminal follow.</summary>
    public static ReadOnlySpan<byte> TerminalGreeting => "JobCloud one terminal 1\n"u8;
}
