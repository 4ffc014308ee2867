using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Terminals;

/// <summary>What is said of terminals.</summary>
public static class TerminalWords
{
    /// <summary>Characters of a command in a job's history: it is a line, not a script.</summary>
    private const int CommandCharacters = 200;

    public static string Of(TerminalKind kind) =>
        kind switch
        {
            TerminalKind.Command => "command",
            TerminalKind.SshServer => "ssh",
            _ => "shell",
        };

    /// <summary>A terminal in a job's history, without a stop.</summary>
    public static string Of(Events.TerminalOpened opened) =>
        opened.Kind switch
        {
            TerminalKind.Command => $"terminal {opened.Id} for {opened.Command}",
            TerminalKind.SshServer => $"terminal {opened.Id} for an OpenSSH client",
            _ => $"terminal {opened.Id}",
        };

    /// <summary>How a terminal ended, without a stop.</summary>
    public static string Of(Events.TerminalClosed closed) =>
        closed.Why.Length > 0 ? closed.Why : $"exit {closed.ExitCode}";

    /// <summary>A command as the history keeps it.</summary>
    public static string Kept(string command) =>
        command.Length <= CommandCharacters ? command : command[..CommandCharacters] + " ...";

    /// <summary>The job will never process, or not again.</summary>
    public static Refusal TooLate(long jid, Status status) =>
        Refusals.Of(
            RefusalCode.NotFound,
            jid,
            $"Job {jid} is {StatusWords.Of(status)}: nobody can enter it any more."
        );

    public static Refusal NoSuchAttempt(long jid, int asked, int newest) =>
        Refusals.Of(
            RefusalCode.NotFound,
            jid,
            $"Attempt {asked} of job {jid} does not run; the newest is {newest}."
        );

    public static Refusal TimeUp(long jid, Status status, long waitMs, string why) =>
        Refusals.Of(
            RefusalCode.Timeout,
            jid,
            $"Timed out after {Durations.Words(TimeSpan.FromMilliseconds(waitMs))}: job {jid} is {StatusWords.Of(status)}{(why.Length > 0 ? $": {why}" : "")}."
        );

    public static Refusal NotOpened(long jid, string node, string why) =>
        Refusals.Of(
            RefusalCode.Busy,
            jid,
            $"No terminal could be opened in job {jid} on node {node}: {why}. Try again."
        );

    public static Refusal Malformed(string what) =>
        Refusals.Of(RefusalCode.Usage, 0, $"The terminal's first message is malformed: {what}.");

    /// <summary>The last message of a terminal whose node went away, or whose gateway
    /// ends.</summary>
    public static TerminalClosed Lost(string why) => new() { By = ClosedBy.Node, Why = why };
}
