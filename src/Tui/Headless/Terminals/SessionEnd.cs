using JobCloud.Protocol;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>The end of a terminal session. A closed hierarchy.</summary>
internal abstract record SessionEnd
{
    private SessionEnd() { }

    /// <summary>True if the terminal was ever open.</summary>
    public abstract bool WasOpen { get; }

    /// <summary>The node closed the terminal.</summary>
    internal sealed record Closed(TerminalClosed Message) : SessionEnd
    {
        public override bool WasOpen => true;
    }

    internal sealed record Refused(Refusal Refusal) : SessionEnd
    {
        public override bool WasOpen => false;
    }

    /// <summary>The user closed the connection with <c>~.</c> or a signal.</summary>
    internal sealed record ClosedByUser(int ExitCode, bool IsOpen) : SessionEnd
    {
        public override bool WasOpen => IsOpen;
    }

    /// <summary>The connection to the node was lost.</summary>
    internal sealed record ConnectionLost(bool IsOpen) : SessionEnd
    {
        public override bool WasOpen => IsOpen;
    }
}
