using System.Globalization;
using System.Text;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.PublicJson;
using Microsoft.AspNetCore.Http;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Writes answers of the HTTP API.</summary>
internal static class HttpAnswers
{
    /// <summary>Whether a request is one of the HTTP API, not of gRPC.</summary>
    public static bool Takes(HttpRequest request) =>
        !HttpProtocol.IsHttp2(request.Protocol)
        || request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true;

    public static async Task WriteAsync(
        HttpContext http,
        int status,
        ReadOnlyMemory<byte> body,
        string type
    )
    {
        Begin(http, status, type);
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    public static void Begin(HttpContext http, int status, string type)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        // What a browser or proxy must not keep or guess.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
    }

    /// <summary>Writes an error. An answer that has begun is cut off, so that its reader sees that
    /// it is incomplete.</summary>
    public static async Task WriteAsync(HttpContext http, HttpError error)
    {
        var response = http.Response;
        if (response.HasStarted)
        {
            http.Abort();
            return;
        }
        response.Clear();
        if (error.RetryAfter > 0)
            response.Headers.RetryAfter = error.RetryAfter.ToString(CultureInfo.InvariantCulture);
        if (error.Allow.Length > 0)
            response.Headers.Allow = error.Allow;
        if (error.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        // The rest of the body is not read.
        if (error.Status == StatusCodes.Status413PayloadTooLarge)
            response.Headers.Connection = "close";
        await WriteAsync(
            http,
            error.Status,
            DocumentWriter.Line(new ErrorDocument(error.Error)),
            MediaTypes.Json
        );
    }

    /// <summary>A whole answer to a connection that is closed before a request is read.</summary>
    public static byte[] Refused(HttpError error)
    {
        var body = DocumentWriter.Line(new ErrorDocument(error.Error));
        var head =
            $"HTTP/1.1 503 Service Unavailable\r\nContent-Type: {MediaTypes.Json}\r\nContent-Length: {body.Length}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
