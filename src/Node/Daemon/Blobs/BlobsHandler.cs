using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>Answers which contents a client must send, and receives them.</summary>
internal sealed class BlobsHandler(BlobStore store, BlobUploads uploads, SubmissionLimits limits)
{
    public async Task<Outcome<FindBlobsReply>> FindAsync(
        FindBlobsRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        foreach (var blob in request.Blobs)
        {
            if (FileCheck.Problem(blob, limits) is { } problem)
                return problem;
        }
        var missing = await store.MissingAsync(request.Blobs, by.User, cancel);
        var hashes = missing.Select(blob => blob.Sha256).ToHashSet();
        var reply = new FindBlobsReply();
        for (var i = 0; i < request.Blobs.Count; i++)
        {
            // The same content may be named twice.
            if (hashes.Remove(request.Blobs[i].Sha256))
                reply.Missing.Add(i);
        }
        return reply;
    }

    public async Task<Outcome<PutBlobReply>> PutAsync(
        PutBlobRequest part,
        Identity by,
        CancellationToken cancel
    )
    {
        if (FileCheck.Problem(part.Blob, limits) is { } problem)
            return problem;
        if (part.Data.Length > BlobRules.PartBytes)
            return Refusals.Of(
                RefusalCode.TooLarge,
                $"A part of a file has at most {BlobRules.PartBytes} bytes."
            );
        return await uploads.PutAsync(part, by.User, cancel);
    }
}
