using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Terminals;

/// <summary>Names, descriptions and refusals concerning terminals.</summary>
public static class TerminalMessages
{
    /// <summary>The maximum length of a command in an event.</summary>
    private const int CommandCharacters = 200;

    public static string Of(TerminalKind kind) =>
        kind switch
        {
            TerminalKind.Command => "command",
            TerminalKind.SshServer => "ssh",
            _ => "shell",
        };

    /// <summary>A terminal in an event, without a full stop.</summary>
    public static string Of(Events.TerminalOpened opened) =>
        opened.Kind switch
        {
            TerminalKind.Command => $"terminal {opened.Id} for {opened.Command}",
            TerminalKind.SshServer => $"terminal {opened.Id} for an OpenSSH client",
            _ => $"terminal {opened.Id}",
        };

    /// <summary>The end of a terminal, without a full stop.</summary>
    public static string Of(Events.TerminalClosed closed) =>
        closed.Why.Length > 0 ? closed.Why : $"exit {closed.ExitCode}";

    /// <summary>A command as kept in an event.</summary>
    public static string Kept(string command) =>
        command.Length <= CommandCharacters ? command : command[..CommandCharacters] + " ...";

    /// <summary>The job will not process any more.</summary>
    public static Refusal TooLate(Jid jid, Status status) =>
        Refusals.Of(
            RefusalCode.NotFound,
            jid,
            $"Job {jid} is {StatusNames.Of(status)} and accepts no more terminals."
        );

    public static Refusal NoSuchAttempt(Jid jid, int asked, int newest) =>
        Refusals.Of(
            RefusalCode.NotFound,
            jid,
            $"Attempt {asked} of job {jid} is not running; the newest attempt is {newest}."
        );

    public static Refusal TimeUp(Jid jid, Status status, long waitMs, string why) =>
        Refusals.Of(
            RefusalCode.Timeout,
            jid,
            $"Timed out after {Durations.Words(TimeSpan.FromMilliseconds(waitMs))}: job {jid} is {StatusNames.Of(status)}{(why.Length > 0 ? $": {why}" : "")}."
        );

    public static Refusal NotOpened(Jid jid, string node, string why) =>
        Refusals.Of(
            RefusalCode.Busy,
            jid,
            $"Could not open a terminal in job {jid} on node {node}: {why}. Try again."
        );

    public static Refusal Malformed(string what) =>
        Refusals.Of(RefusalCode.Usage, $"The terminal's first message is malformed: {what}.");

    /// <summary>The last message of a terminal when its node is lost or its gateway
    /// stops.</summary>
    public static TerminalClosed Lost(string why) => new() { By = ClosedBy.Node, Why = why };
}
