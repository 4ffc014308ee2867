using Grpc.Core;
using JobCloud.Node.Daemon.Http;
using JobCloud.Protocol;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Maps a refusal to gRPC: a status, with the whole refusal in a trailer.</summary>
internal static class RefusalStatus
{
    public static RpcException ToException(Refusal refusal) =>
        new(
            new Grpc.Core.Status(CodeOf(refusal.Code), refusal.Message),
            RefusalTrailer.Of(refusal)
        );

    public static StatusCode CodeOf(RefusalCode code) => ErrorKinds.Of(code).GrpcStatus;

    /// <summary>Refuses a request in its own protocol.</summary>
    public static Task WriteAsync(HttpContext http, Refusal refusal)
    {
        if (HttpAnswers.Takes(http.Request))
            return HttpAnswers.WriteAsync(http, refusal);
        Write(http.Response, refusal);
        return Task.CompletedTask;
    }

    /// <summary>Writes a gRPC status: in the headers if no message was sent, else in the
    /// trailers.</summary>
    private static void Write(HttpResponse response, Refusal refusal)
    {
        var status = response.Headers;
        if (response.HasStarted)
            status = response
                .HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>()
                .Trailers;
        else
            response.ContentType = "application/grpc";
        foreach (var entry in ToException(refusal).Trailers)
            status[entry.Key] = Convert.ToBase64String(entry.ValueBytes);
        status["grpc-status"] = $"{(int)CodeOf(refusal.Code)}";
    }
}
