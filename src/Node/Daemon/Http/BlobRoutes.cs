using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Receives files that submissions name by their hash.</summary>
internal static class BlobRoutes
{
    public static async Task<HttpError?> PutAsync(RouteRequest request)
    {
        if (HashOf(request) is not { } sha256)
            return NoHash(request);
        using var parts = new BodyParts(request.Http);
        var length = request.Http.Request.ContentLength;
        var kept = await request.Calls.ReceiveAsync(
            new IncomingBlob(sha256, length, _ => parts.NextAsync()),
            request.By,
            request.Cancel
        );
        if (parts.Error is { } slow)
            return slow;
        if (!kept.IsGranted)
            return kept.Refusal;
        await request.WriteAsync(new BlobDocument(request.Values["sha256"], kept.Reply.Size));
        return null;
    }

    public static async Task<HttpError?> FindAsync(RouteRequest request)
    {
        if (HashOf(request) is not { } sha256)
            return NoHash(request);
        var question = new FindBlobsRequest
        {
            Blobs =
            {
                new BlobRef { Sha256 = sha256, Size = BlobRules.AnySize },
            },
        };
        var found = await request.AskAsync(CloudCalls.FindBlobs, question);
        if (!found.IsGranted)
            return found.Refusal;
        if (found.Reply.Missing.Count > 0)
            return Refusals.Of(
                RefusalCode.NotFound,
                "The cloud does not have this file from you; send it with PUT."
            );
        await request.WriteAsync(new EmptyDocument());
        return null;
    }

    private static ByteString? HashOf(RouteRequest request) =>
        BlobRules.Sha256Of(request.Values["sha256"]);

    private static HttpError NoHash(RouteRequest request) =>
        HttpError.Usage(
            $"'{request.Values["sha256"]}' is not a SHA-256; write 64 lower-case hexadecimal digits."
        );
}
