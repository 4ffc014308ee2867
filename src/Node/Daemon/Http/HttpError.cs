using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>The error with which a request ends.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="RetryAfter">In seconds; 0: the same request never succeeds.</param>
internal sealed record HttpError(int Status, PublicError Error, int RetryAfter = 0)
{
    /// <summary>The methods of the path, for a header <c>Allow</c>; empty: there is none.</summary>
    public string Allow { get; init; } = "";

    public static implicit operator HttpError(Refusal refusal) =>
        Of(ErrorKinds.Of(refusal.Code), PublicError.Of(refusal));

    /// <summary>The error of a refusal, if there is one.</summary>
    public static HttpError? From(Refusal? refusal) => refusal is null ? null : (HttpError)refusal;

    public static HttpError Of(ErrorKind kind, string message, long? jid = null) =>
        Of(kind, new PublicError(jid, kind.Code, message));

    /// <summary>An error that only HTTP knows.</summary>
    public static HttpError Of(int status, ErrorKind kind, string message) =>
        Of(kind, message) with
        {
            Status = status,
        };

    public static HttpError Usage(string message) => Refusals.Of(RefusalCode.Usage, message);

    private static HttpError Of(ErrorKind kind, PublicError error) =>
        new(kind.HttpStatus, error, kind.RetryAfterSeconds);
}
