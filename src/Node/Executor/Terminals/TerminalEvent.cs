using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>An event that the event-loop thread sends to a terminal's thread.</summary>
internal abstract record TerminalEvent
{
    private TerminalEvent() { }

    /// <summary>The process is running.</summary>
    public sealed record Started(SpawnResult Process, string Node, int Attempt) : TerminalEvent;

    /// <summary>The request was refused.</summary>
    public sealed record Refused(Refusal Refusal) : TerminalEvent;

    /// <summary>The process has exited and was reaped.</summary>
    /// <param name="Code">The exit code, or 128 + the signal that ended the process.</param>
    public sealed record Exited(int Code) : TerminalEvent;

    /// <summary>The job has ended, or is about to end.</summary>
    public sealed record JobEnded(string Why) : TerminalEvent;
}
