using JobCloud.Protocol;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>How a terminal ended. Closed family.</summary>
internal abstract record SessionEnd
{
    private SessionEnd() { }

    /// <summary>Whether the job was ever entered.</summary>
    public abstract bool WasOpen { get; }

    /// <summary>The node said so.</summary>
    internal sealed record Closed(TerminalClosed How) : SessionEnd
    {
        public override bool WasOpen => true;
    }

    internal sealed record Refused(Refusal Why) : SessionEnd
    {
        public override bool WasOpen => false;
    }

    /// <summary>The user broke it off: <c>~.</c>, or a signal.</summary>
    internal sealed record BrokenOff(int ExitCode, bool IsOpen) : SessionEnd
    {
        public override bool WasOpen => IsOpen;
    }

    /// <summary>The connection to the node broke.</summary>
    internal sealed record NodeGone(bool IsOpen) : SessionEnd
    {
        public override bool WasOpen => IsOpen;
    }
}
