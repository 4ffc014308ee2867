using System.Security.Authentication;
using Grpc.Core;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Client;

/// <summary>Converts exceptions to errors for the user.</summary>
internal static class CommandErrors
{
    public static CommandError Of(RpcException failure, ClientSettings settings)
    {
        if (RefusalTrailer.Of(failure) is { } refusal)
            return CommandError.Of(refusal);
        var server = settings.NamesServer
            ? settings.Server.Value
            : $"unix:{settings.Paths.GatewaySocket}";
        if (ExpiredCertificateException.In(failure.Status.DebugException) is { } expired)
            return new CommandError(ErrorKinds.Untrusted, expired.Message);
        if (IsUntrusted(failure))
            return new CommandError(
                ErrorKinds.Untrusted,
                $"The certificate of {server} is not trusted here or is not valid for that address; "
                    + "name its CA with --ca-file."
            );
        if (CallFailures.Of(failure) == CallFailure.NoAnswer)
            return settings.NamesServer
                ? CommandError.Unavailable($"The connection to {server} failed: {Cause(failure)}")
                : CommandError.Unavailable(
                    $"The connection to the node at {server} was lost during the request; see {LogOf(settings)}."
                );
        return failure.StatusCode switch
        {
            StatusCode.DeadlineExceeded => CommandError.Timeout(
                $"The node at {server} did not answer within {settings.TimeoutSeconds.Value} s; "
                    + "set a longer limit with --timeout."
            ),
            StatusCode.Unauthenticated => new CommandError(
                ErrorKinds.Unauthenticated,
                $"{server} requires a valid access token; name its file with --token-file."
            ),
            StatusCode.PermissionDenied => new CommandError(
                ErrorKinds.NotAllowed,
                $"{server} does not allow you to do this."
            ),
            StatusCode.Unimplemented => new CommandError(
                ErrorKinds.NotSupported,
                $"The node at {server} does not support this request; it may run another version."
            ),
            _ => new CommandError(
                ErrorKinds.Unexpected,
                $"The request to {server} failed: {Cause(failure).TrimEnd('.')}; see {LogOf(settings)}."
            ),
        };
    }

    public static CommandError NoAnswer(string address) =>
        CommandError.Unavailable(
            $"No node answers at {address}; start one with 'jobcloud node start'."
        );

    /// <summary>The output of the command cannot be written.</summary>
    /// <param name="done">What the command did in spite of that, after a space; empty:
    /// nothing.</param>
    public static CommandError Unwritable(OutputException failure, string done) =>
        new(
            ErrorKinds.Unexpected,
            $"The output cannot be written to stdout: {failure.Message}.{done}"
        );

    /// <summary>An error of the command itself: it could not use a file, or it has a bug.</summary>
    public static CommandError Unexpected(Exception failure)
    {
        var cause = failure.Message.TrimEnd('.');
        return new CommandError(
            ErrorKinds.Unexpected,
            failure is IOException or UnauthorizedAccessException
                ? $"The command could not read or write a file: {cause}; check its path, its permissions and the free disk space."
                : $"The command failed because of a bug: {cause}; report this message and the command line."
        );
    }

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

    private static string LogOf(ClientSettings settings) =>
        settings.NamesServer ? "the log of that node" : settings.Paths.NodeLog;

    private static string Cause(RpcException failure) =>
        (failure.InnerException?.Message ?? failure.Status.Detail).TrimEnd('.') + ".";
}
