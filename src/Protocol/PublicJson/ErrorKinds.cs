using Grpc.Core;

namespace JobCloud.Protocol.PublicJson;

/// <summary>THE table of errors: the code words, exit codes and statuses of all protocols derive
/// from it.</summary>
public static class ErrorKinds
{
    /// <summary>Exit code: an unexpected failure.</summary>
    public const int ExitUnexpected = 1;

    /// <summary>Exit code: the command line or a request is malformed; nothing was
    /// changed.</summary>
    public const int ExitUsage = 2;

    /// <summary>Exit code: a job failed, a node refused a request, or a time limit
    /// expired.</summary>
    public const int ExitRefused = 3;

    /// <summary>Exit code: SIGINT ended the command.</summary>
    public const int ExitInterrupted = 128 + 2;

    public static ErrorKind Usage { get; } =
        Of(RefusalCode.Usage, "usage", ExitUsage, 400, StatusCode.InvalidArgument);

    public static ErrorKind TooLarge { get; } =
        Of(RefusalCode.TooLarge, "too-large", ExitRefused, 413, StatusCode.OutOfRange);

    public static ErrorKind Timeout { get; } =
        Of(RefusalCode.Timeout, "timeout", ExitRefused, 504, StatusCode.DeadlineExceeded);

    public static ErrorKind NotAllowed { get; } =
        Of(RefusalCode.NotAllowed, "not-allowed", ExitRefused, 403, StatusCode.PermissionDenied);

    public static ErrorKind NotSupported { get; } =
        Of(RefusalCode.NotSupported, "not-supported", ExitRefused, 501, StatusCode.Unimplemented);

    public static ErrorKind UnfinishedJob { get; } =
        Of(
            RefusalCode.UnfinishedJob,
            "unfinished-job",
            ExitRefused,
            409,
            StatusCode.FailedPrecondition
        );

    /// <summary>The caller has not said who it is.</summary>
    public static ErrorKind Unauthenticated { get; } =
        new("not-allowed", ExitRefused, 401, StatusCode.Unauthenticated);

    /// <summary>No node answers, or the connection broke.</summary>
    public static ErrorKind Unavailable { get; } =
        new("unavailable", ExitRefused, 503, StatusCode.Unavailable) { RetryAfterSeconds = 1 };

    /// <summary>A job ended otherwise than done.</summary>
    public static ErrorKind BadEnd { get; } =
        new("bad-end", ExitRefused, 409, StatusCode.FailedPrecondition);

    /// <summary>A result is not UTF-8, so no JSON can contain it.</summary>
    public static ErrorKind NotText { get; } =
        new("not-text", ExitRefused, 406, StatusCode.FailedPrecondition);

    /// <summary>A part of a result was not kept.</summary>
    public static ErrorKind TornResult { get; } =
        new("torn-result", ExitRefused, 410, StatusCode.DataLoss);

    /// <summary>The certificate of a node is not trusted here.</summary>
    public static ErrorKind Untrusted { get; } = OfCommand("untrusted", ExitRefused);

    /// <summary>The user said no, or could not be asked.</summary>
    public static ErrorKind NotConfirmed { get; } = OfCommand("not-confirmed", ExitRefused);

    /// <summary>A node runs already.</summary>
    public static ErrorKind Running { get; } = OfCommand("running", ExitRefused);

    public static ErrorKind NotInstalled { get; } = OfCommand("not-installed", ExitUnexpected);

    public static ErrorKind Interrupted { get; } = OfCommand("interrupted", ExitInterrupted);

    /// <summary>A bug, or a file that the command could not use.</summary>
    public static ErrorKind Unexpected { get; } =
        new("unexpected", ExitUnexpected, 500, StatusCode.Internal);

    /// <summary>A refusal of any other kind.</summary>
    public static ErrorKind Refused { get; } =
        new("refused", ExitRefused, 500, StatusCode.Internal);

    public static IReadOnlyList<ErrorKind> All { get; } =
    [
        Usage,
        Of(RefusalCode.UnknownJob, "unknown-job", ExitRefused, 404, StatusCode.NotFound),
        Of(RefusalCode.DeletedJob, "deleted-job", ExitRefused, 410, StatusCode.NotFound),
        UnfinishedJob,
        Unauthenticated,
        NotAllowed,
        TooLarge,
        Of(
            RefusalCode.StoreUnavailable,
            "store-unavailable",
            ExitRefused,
            503,
            StatusCode.Unavailable
        ) with
        {
            RetryAfterSeconds = 1,
        },
        Of(RefusalCode.Busy, "busy", ExitRefused, 429, StatusCode.ResourceExhausted) with
        {
            RetryAfterSeconds = 1,
        },
        Timeout,
        Of(RefusalCode.NotFound, "not-found", ExitRefused, 404, StatusCode.NotFound),
        Of(RefusalCode.Internal, "internal", ExitRefused, 500, StatusCode.Internal),
        NotSupported,
        Unavailable,
        BadEnd,
        NotText,
        TornResult,
        Untrusted,
        Running,
        NotConfirmed,
        NotInstalled,
        Interrupted,
        Unexpected,
        Refused,
    ];

    /// <summary>The kind of a refusal.</summary>
    public static ErrorKind Of(RefusalCode refusal)
    {
        foreach (var kind in All)
            if (kind.Refusal == refusal && refusal != RefusalCode.Unspecified)
                return kind;
        return Refused;
    }

    /// <summary>The kind of the refusal that ends a wait. Without a code, it says that the jobs
    /// cannot get there any more.</summary>
    public static ErrorKind OfWait(RefusalCode refusal) =>
        refusal == RefusalCode.Unspecified ? BadEnd : Of(refusal);

    private static ErrorKind Of(
        RefusalCode refusal,
        string code,
        int exit,
        int http,
        StatusCode grpc
    ) => new(code, exit, http, grpc) { Refusal = refusal };

    private static ErrorKind OfCommand(string code, int exit) =>
        new(code, exit, 0, StatusCode.Unknown);
}
