using JobCloud.Protocol;

namespace JobCloud.Tui.Headless.Output;

/// <summary>Why a command failed, as the user is told.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>, or a remote one passed on.</param>
/// <param name="Code">A word for programs, as <c>unknown-job</c>.</param>
/// <param name="Message">One sentence: what happened, to what, what to do.</param>
/// <param name="Jid">The job concerned; 0: none.</param>
internal sealed record Trouble(int ExitCode, string Code, string Message, long Jid = 0)
{
    public const string UsageCode = "usage";
    public const string TimeoutCode = "timeout";
    public const string UnavailableCode = "unavailable";
    public const string BadEndCode = "bad-end";
    public const string UnexpectedCode = "unexpected";
    public const string NotSupportedCode = "not-supported";

    public static Trouble Usage(string message) => new(ExitCodes.Usage, UsageCode, message);

    public static Trouble Timeout(string message, long jid = 0) =>
        new(ExitCodes.Refused, TimeoutCode, message, jid);

    /// <summary>A job, or several, ended otherwise than done.</summary>
    public static Trouble BadEnd(string message, long jid = 0) =>
        new(ExitCodes.Refused, BadEndCode, message, jid);

    public static Trouble Unavailable(string message) =>
        new(ExitCodes.Refused, UnavailableCode, message);

    public static Trouble Of(Refusal refusal) =>
        new(
            refusal.Code == RefusalCode.Usage ? ExitCodes.Usage : ExitCodes.Refused,
            Word(refusal.Code),
            refusal.Message,
            refusal.Jid
        );

    private static string Word(RefusalCode code) =>
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

/// <summary>Trouble met far from where a report is made; the runner shows it like any
/// other.</summary>
internal sealed class TroubleException(Trouble trouble) : Exception(trouble.Message)
{
    public Trouble Trouble { get; } = trouble;
}
