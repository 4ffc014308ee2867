using Grpc.Core;

namespace JobCloud.Protocol.PublicJson;

/// <summary>A kind of error, as every protocol reports it.</summary>
/// <param name="Code">Its name for programs.</param>
/// <param name="ExitCode">The exit code of a command.</param>
/// <param name="HttpStatus">The status of an HTTP answer; 0: it only happens in a command.</param>
/// <param name="GrpcStatus">The status of a gRPC call.</param>
public sealed record ErrorKind(string Code, int ExitCode, int HttpStatus, StatusCode GrpcStatus)
{
    /// <summary>The refusal that it is; unspecified: no node refuses so.</summary>
    public RefusalCode Refusal { get; init; }

    /// <summary>The seconds after which the same request may succeed; 0: it never will.</summary>
    public int RetryAfterSeconds { get; init; }
}
