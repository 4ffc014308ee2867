using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>What the loop tells a terminal's thread.</summary>
internal abstract record TerminalNews
{
    private TerminalNews() { }

    /// <summary>Its process runs.</summary>
    public sealed record Started(Spawned Process, string Node, int Attempt) : TerminalNews;

    /// <summary>It is not opened.</summary>
    public sealed record Refused(Refusal Refusal) : TerminalNews;

    /// <summary>Its process has ended and was reaped.</summary>
    /// <param name="Code">128 + the signal where one ended it.</param>
    public sealed record Exited(int Code) : TerminalNews;

    /// <summary>Its job has ended, or is about to.</summary>
    public sealed record JobEnded(string Why) : TerminalNews;
}
