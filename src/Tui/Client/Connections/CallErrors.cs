using System.Security.Authentication;
using Grpc.Core;
using JobCloud.Client.Errors;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Wire;

namespace JobCloud.Client.Connections;

/// <summary>Tells in a sentence why a call failed.</summary>
internal static class CallErrors
{
    public static ClientError Of(RpcException failure, Endpoint endpoint)
    {
        if (RefusalTrailer.Of(failure) is { } refusal)
            return ClientError.Of(refusal);
        var server = endpoint.Node;
        if (ExpiredCertificateException.In(failure.Status.DebugException) is { } expired)
            return new ClientError(ErrorKinds.Untrusted, expired.Message);
        if (IsUntrusted(failure))
            return new ClientError(
                ErrorKinds.Untrusted,
                $"The certificate of {server} is not trusted here or is not valid for that address; "
                    + $"name its CA with {endpoint.Names.CaFile}."
            );
        if (CallFailures.Of(failure) == CallFailure.NoAnswer)
            return endpoint.NamesServer
                ? ClientError.Unavailable($"The connection to {server} failed: {Cause(failure)}")
                : ClientError.Unavailable(
                    $"The connection to the node at {server} was lost during the request; see {LogOf(endpoint)}."
                );
        return failure.StatusCode switch
        {
            StatusCode.DeadlineExceeded => ClientError.Timeout(
                $"The node at {server} did not answer within {endpoint.Timeout.TotalSeconds} s; "
                    + $"set a longer limit with {endpoint.Names.Timeout}."
            ),
            StatusCode.Unauthenticated => new ClientError(
                ErrorKinds.Unauthenticated,
                $"{server} requires a valid access token; name its file with {endpoint.Names.TokenFile}."
            ),
            StatusCode.PermissionDenied => new ClientError(
                ErrorKinds.NotAllowed,
                $"{server} does not allow you to do this."
            ),
            StatusCode.Unimplemented => new ClientError(
                ErrorKinds.NotSupported,
                $"The node at {server} does not support this request; it may run another version."
            ),
            _ => new ClientError(
                ErrorKinds.Unexpected,
                $"The request to {server} failed: {Cause(failure).TrimEnd('.')}; see {LogOf(endpoint)}."
            ),
        };
    }

    public static ClientError NoAnswer(string address) =>
        ClientError.Unavailable(
            $"No node answers at {address}; start one with 'jobcloud node start'."
        );

    /// <summary>The error of a job in a sandbox, which does not show the node's sockets.</summary>
    public static ClientError CutOff { get; } =
        new(
            ErrorKinds.NotSupported,
            "This job has no way to its cloud: one with a volume, a root file system or a private network "
                + "has no JOBCLOUD_SERVER. To use a node of the job's own, set JOBCLOUD_HOME."
        );

    /// <summary>True if the TLS handshake failed, so that a retry is useless.</summary>
    public static bool IsUntrusted(RpcException failure)
    {
        for (
            var cause = failure.Status.DebugException;
            cause is not null;
            cause = cause.InnerException
        )
            if (cause is AuthenticationException)
                return true;
        return false;
    }

    private static string LogOf(Endpoint endpoint) =>
        endpoint.NamesServer ? "the log of that node" : endpoint.Paths.NodeLog;

    private static string Cause(RpcException failure) =>
        (failure.InnerException?.Message ?? failure.Status.Detail).TrimEnd('.') + ".";
}
