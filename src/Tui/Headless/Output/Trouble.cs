using JobCloud.Protocol;
using JobCloud.Protocol.Batches;

namespace JobCloud.Tui.Headless.Output;

/// <summary>An error of a command.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>, or a remote exit code.</param>
/// <param name="Code">A name for programs, such as <c>unknown-job</c>.</param>
/// <param name="Message">One sentence: what happened, where, and what to do.</param>
/// <param name="Jid">The affected job; 0 if there is none.</param>
internal sealed record Trouble(int ExitCode, string Code, string Message, Jid Jid = default)
{
    public const string UsageCode = "usage";
    public const string TimeoutCode = "timeout";
    public const string UnavailableCode = "unavailable";
    public const string BadEndCode = "bad-end";
    public const string UnexpectedCode = "unexpected";
    public const string NotSupportedCode = "not-supported";

    public static Trouble Usage(string message) => new(ExitCodes.Usage, UsageCode, message);

    public static Trouble Timeout(string message, Jid jid = default) =>
        new(ExitCodes.Refused, TimeoutCode, message, jid);

    /// <summary>One or more jobs did not end done.</summary>
    public static Trouble BadEnd(string message, Jid jid = default) =>
        new(ExitCodes.Refused, BadEndCode, message, jid);

    public static Trouble Unavailable(string message) =>
        new(ExitCodes.Refused, UnavailableCode, message);

    public static Trouble Of(Refusal refusal) =>
        new(
            refusal.Code == RefusalCode.Usage ? ExitCodes.Usage : ExitCodes.Refused,
            NameOf(refusal.Code),
            refusal.Message,
            new Jid(refusal.Jid)
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
internal sealed class TroubleException(Trouble error) : Exception(error.Message)
{
    public Trouble Trouble { get; } = error;
}
