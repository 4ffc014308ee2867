using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>An event that the event-loop thread sends to a terminal's thread.</summary>
internal abstract record TerminalNews
{
    private TerminalNews() { }

    /// <summary>The process is running.</summary>
    public sealed record Started(Spawned Process, string Node, int Attempt) : TerminalNews;

    /// <summary>The request was refused.</summary>
    public sealed record Refused(Refusal Refusal) : TerminalNews;

    /// <summary>The process has exited and was reaped.</summary>
    /// <param name="Code">The exit code, or 128 + the signal that ended the process.</param>
    public sealed record Exited(int Code) : TerminalNews;

    /// <summary>The job has ended, or is about to end.</summary>
    public sealed record JobEnded(string Why) : TerminalNews;
}
