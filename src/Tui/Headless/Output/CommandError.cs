using JobCloud.Protocol;
using JobCloud.Protocol.Notation;

namespace JobCloud.Tui.Headless.Output;

/// <summary>An error of a command.</summary>
/// <param name="ExitCode">One of <see cref="CommandExitCodes"/>, or a remote exit code.</param>
/// <param name="Code">A name for programs, such as <c>unknown-job</c>.</param>
/// <param name="Message">One sentence: what happened, where, and what to do.</param>
/// <param name="Jid">The affected job; 0 if there is none.</param>
internal sealed record CommandError(int ExitCode, string Code, string Message, Jid Jid = default)
{
    /// <summary>The last lines of the failed job's stderr.</summary>
    public string Stderr { get; init; } = "";

    /// <summary>A sentence that names the commands to use next.</summary>
    public string Next { get; init; } = "";

    public const string UsageCode = "usage";
    public const string TimeoutCode = "timeout";
    public const string UnavailableCode = "unavailable";
    public const string BadEndCode = "bad-end";
    public const string UnexpectedCode = "unexpected";
    public const string NotSupportedCode = "not-supported";

    public static CommandError Usage(string message) =>
        new(CommandExitCodes.Usage, UsageCode, message);

    public static CommandError Timeout(string message, Jid jid = default) =>
        new(CommandExitCodes.Refused, TimeoutCode, message, jid);

    /// <summary>One or more jobs failed.</summary>
    public static CommandError JobFailure(string message, Jid jid = default) =>
        new(CommandExitCodes.Refused, BadEndCode, message, jid);

    public static CommandError Unavailable(string message) =>
        new(CommandExitCodes.Refused, UnavailableCode, message);

    public static CommandError Of(Refusal refusal) =>
        new(
            refusal.Code == RefusalCode.Usage ? CommandExitCodes.Usage : CommandExitCodes.Refused,
            NameOf(refusal.Code),
            refusal.Message,
            new Jid(refusal.Jid)
        );

    /// <summary>The user ended a command that waited for jobs.</summary>
    /// <param name="jids">In batch notation.</param>
    /// <param name="jid">The only job; 0: there may be several.</param>
    public static CommandError Interrupted(string jids, Jid jid) =>
        new(
            CommandExitCodes.SignalBase + CommandExitCodes.Interrupt,
            "interrupted",
            jid > 0
                ? $"Job {jid} keeps running; kill it with: jobcloud kill {jid}"
                : $"The jobs keep running; kill them with: jobcloud kill {jids}",
            jid
        );

    private static string NameOf(RefusalCode code) =>
        code switch
        {
            RefusalCode.Usage => UsageCode,
            RefusalCode.UnknownJob => "unknown-job",
            RefusalCode.DeletedJob => "deleted-job",
            RefusalCode.UnfinishedJob => "unfinished-job",
            RefusalCode.NotAllowed => "not-allowed",
            RefusalCode.TooLarge => "too-large",
            RefusalCode.StoreUnavailable => "store-unavailable",
            RefusalCode.Busy => "busy",
            RefusalCode.Timeout => TimeoutCode,
            RefusalCode.NotFound => "not-found",
            RefusalCode.Internal => "internal",
            RefusalCode.NotSupported => NotSupportedCode,
            _ => "refused",
        };
}

/// <summary>Carries an error to the code that reports it.</summary>
internal sealed class CommandErrorException(CommandError error) : Exception(error.Message)
{
    public CommandError Error { get; } = error;
}
