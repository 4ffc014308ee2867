using System.Security.Authentication;
using Grpc.Core;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Client;

/// <summary>What a failed call means to the user.</summary>
internal static class Failures
{
    public static Trouble Of(RpcException failure, ClientSettings settings)
    {
        if (RefusalTrailer.Of(failure) is { } refusal)
            return Trouble.Of(refusal);
        var server = settings.NamesServer
            ? settings.Server.Value
            : $"unix:{settings.Paths.GatewaySocket}";
        if (IsUntrusted(failure))
            return new Trouble(
                ExitCodes.Refused,
                "untrusted",
                $"The certificate of {server} is not one that is trusted here, or not for that address; "
                    + "'--ca-file' names its CA."
            );
        return failure.StatusCode switch
        {
            StatusCode.Unavailable => settings.NamesServer
                ? Trouble.Unavailable($"The connection to {server} failed: {Cause(failure)}")
                : Trouble.Unavailable(
                    $"The node at {server} went away during the request; see {settings.Paths.NodeLog}."
                ),
            StatusCode.DeadlineExceeded => Trouble.Timeout(
                $"The node at {server} did not answer within {settings.TimeoutSeconds.Value} s; "
                    + "'--timeout' sets how long to wait."
            ),
            StatusCode.Unauthenticated => new Trouble(
                ExitCodes.Refused,
                "not-allowed",
                $"{server} wants a valid token; name its file with --token-file."
            ),
            StatusCode.PermissionDenied => new Trouble(
                ExitCodes.Refused,
                "not-allowed",
                $"{server} does not allow you to do this."
            ),
            StatusCode.Unimplemented => new Trouble(
                ExitCodes.Refused,
                Trouble.NotSupportedCode,
                $"The node at {server} does not know this request; it may be of another version."
            ),
            _ => Unexpected(failure),
        };
    }

    public static Trouble NobodyAnswers(string address) =>
        Trouble.Unavailable($"No node answers at {address}; start one with 'jobcloud node start'.");

    public static Trouble Unexpected(Exception failure) =>
        new(
            ExitCodes.Unexpected,
            Trouble.UnexpectedCode,
            $"Got an unexpected error: {failure.GetType().Name}: {failure.Message}"
        );

    /// <summary>The TLS handshake came to nothing: to try again is of no use.</summary>
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

    private static string Cause(RpcException failure) =>
        (failure.InnerException?.Message ?? failure.Status.Detail).TrimEnd('.') + ".";
}
