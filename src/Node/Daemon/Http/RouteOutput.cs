using System.Buffers;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Writes parts of an answer.</summary>
internal static class RouteOutput
{
    /// <summary>Ends a document, as a command does.</summary>
    public static Task EndLineAsync(RouteRequest request) => WriteAsync(request, "\n"u8.ToArray());

    /// <summary>Writes and sends bytes; returns once the client has read enough, so that a stream
    /// has at most one buffer in memory.</summary>
    public static async Task WriteAsync(RouteRequest request, ReadOnlyMemory<byte> bytes)
    {
        request.Http.Response.BodyWriter.Write(bytes.Span);
        await request.Http.Response.BodyWriter.FlushAsync(request.Cancel);
    }
}
