using Grpc.Core;

namespace JobCloud.Protocol.Wire;

/// <summary>What a failed call says about its request.</summary>
public enum CallFailure
{
    /// <summary>The node answered, or the client's own time limit ended the call: a repetition
    /// would change nothing.</summary>
    Final,

    /// <summary>The connection ended before an answer, or the node is starting, stopping or
    /// overloaded: a repetition may get the answer.</summary>
    NoAnswer,

    /// <summary>The node answered that its store is not available now.</summary>
    NoStore,
}

/// <summary>Tells answers from connections that ended. A gRPC client reports a closed connection
/// with almost any status, so the status alone tells nothing.</summary>
public static class CallFailures
{
    public static CallFailure Of(RpcException failure) =>
        Of(
            failure.StatusCode,
            failure.Status.DebugException is null,
            RefusalTrailer.Of(failure)?.Code
        );

    /// <summary>What a refusal says, whatever carried it.</summary>
    public static CallFailure Of(RefusalCode refusal) =>
        refusal switch
        {
            RefusalCode.Busy => CallFailure.NoAnswer,
            RefusalCode.StoreUnavailable => CallFailure.NoStore,
            _ => CallFailure.Final,
        };

    /// <param name="isFromNode">The status came from the node; false: the client's connection
    /// failed.</param>
    /// <param name="refusal">The refusal that came with the status; null: there was none.</param>
    public static CallFailure Of(StatusCode status, bool isFromNode, RefusalCode? refusal) =>
        refusal switch
        {
            { } code => Of(code),
            null when status is StatusCode.DeadlineExceeded or StatusCode.OK => CallFailure.Final,
            null when !isFromNode => CallFailure.NoAnswer,
            // A proxy reports a node that it cannot reach, and a reply whose end is missing counts
            // as cancelled.
            null when status is StatusCode.Unavailable or StatusCode.Cancelled =>
                CallFailure.NoAnswer,
            _ => CallFailure.Final,
        };
}
