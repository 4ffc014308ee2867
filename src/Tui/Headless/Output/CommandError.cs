using JobCloud.Client.Errors;
using JobCloud.Protocol;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Tui.Headless.Output;

/// <summary>An error of a command.</summary>
/// <param name="Message">One sentence: what happened, where, and what to do.</param>
/// <param name="Jid">The affected job; 0 if there is none.</param>
internal sealed record CommandError(ErrorKind Kind, string Message, Jid Jid = default)
{
    public int ExitCode { get; init; } = Kind.ExitCode;

    /// <summary>The last lines of the failed job's stderr.</summary>
    public string Stderr { get; init; } = "";

    /// <summary>A sentence that names the commands to use next.</summary>
    public string Next { get; init; } = "";

    public static CommandError Usage(string message) => new(ErrorKinds.Usage, message);

    public static CommandError Timeout(string message, Jid jid = default) =>
        new(ErrorKinds.Timeout, message, jid);

    /// <summary>One or more jobs failed.</summary>
    public static CommandError JobFailure(string message, Jid jid = default) =>
        new(ErrorKinds.BadEnd, message, jid);

    public static CommandError Unavailable(string message) => new(ErrorKinds.Unavailable, message);

    public static CommandError Of(Refusal refusal) =>
        new(ErrorKinds.Of(refusal.Code), refusal.Message, new Jid(refusal.Jid));

    /// <summary>A wait whose goal the job cannot reach any more.</summary>
    public static CommandError OfWait(Refusal refusal) =>
        new(ErrorKinds.OfWait(refusal.Code), refusal.Message, new Jid(refusal.Jid));

    public static CommandError Of(ClientError error) => new(error.Kind, error.Message, error.Jid);

    /// <summary>The error as JSON.</summary>
    public PublicError ToPublic() =>
        new(Jid > 0 ? (long)Jid : null, Kind.Code, Message)
        {
            Stderr = Stderr.Length > 0 ? Stderr : null,
            Next = Next.Length > 0 ? Next : null,
        };

    /// <summary>The user ended a command that waited for jobs.</summary>
    /// <param name="jids">As a jid list.</param>
    /// <param name="jid">The only job; 0: there may be several.</param>
    public static CommandError Interrupted(string jids, Jid jid) =>
        new(
            ErrorKinds.Interrupted,
            jid > 0
                ? $"Job {jid} keeps running; kill it with: jobcloud kill {jid}"
                : $"The jobs keep running; kill them with: jobcloud kill {jids}",
            jid
        );
}

/// <summary>Carries an error to the code that reports it.</summary>
internal sealed class CommandErrorException(CommandError error) : Exception(error.Message)
{
    public CommandError Error { get; } = error;
}
