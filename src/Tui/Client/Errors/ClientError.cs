using JobCloud.Protocol;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Client.Errors;

/// <summary>Why a request could not be done.</summary>
/// <param name="Message">One sentence: what happened, where, and what to do.</param>
/// <param name="Jid">The affected job; 0 if there is none.</param>
internal sealed record ClientError(ErrorKind Kind, string Message, Jid Jid = default)
{
    public static ClientError Usage(string message) => new(ErrorKinds.Usage, message);

    public static ClientError Timeout(string message, Jid jid = default) =>
        new(ErrorKinds.Timeout, message, jid);

    public static ClientError Unavailable(string message) => new(ErrorKinds.Unavailable, message);

    /// <summary>One or more jobs failed.</summary>
    public static ClientError JobFailure(string message, Jid jid = default) =>
        new(ErrorKinds.BadEnd, message, jid);

    public static ClientError Of(Refusal refusal) =>
        new(ErrorKinds.Of(refusal.Code), refusal.Message, new Jid(refusal.Jid));
}

/// <summary>Carries an error to the code that reports it.</summary>
internal sealed class ClientErrorException(ClientError error) : Exception(error.Message)
{
    public ClientError Error { get; } = error;
}
