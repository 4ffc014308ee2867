using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>The error with which a request ends.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="RetryAfter">In seconds; 0: the same request never succeeds.</param>
internal sealed record DoorError(int Status, PublicError Error, int RetryAfter = 0)
{
    /// <summary>The methods of the path, for a header <c>Allow</c>; empty: there is none.</summary>
    public string Allow { get; init; } = "";

    public static implicit operator DoorError(Refusal refusal) =>
        Of(ErrorKinds.Of(refusal.Code), PublicError.Of(refusal));

    /// <summary>The error of a refusal, if there is one.</summary>
    public static DoorError? From(Refusal? refusal) => refusal is null ? null : (DoorError)refusal;

    public static DoorError Of(ErrorKind kind, string message, long? jid = null) =>
        Of(kind, new PublicError(jid, kind.Code, message));

    /// <summary>An error that only HTTP knows.</summary>
    public static DoorError Of(int status, ErrorKind kind, string message) =>
        Of(kind, message) with
        {
            Status = status,
        };

    public static DoorError Usage(string message) => Refusals.Of(RefusalCode.Usage, message);

    private static DoorError Of(ErrorKind kind, PublicError error) =>
        new(kind.HttpStatus, error, kind.RetryAfterSeconds);
}
