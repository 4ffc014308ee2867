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
            var problem =
                blob.Size == BlobRules.AnySize
                    ? FileCheck.ProblemOfHash(blob)
                    : FileCheck.Problem(blob, limits);
            if (problem is not null)
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

    /// <summary>Receives a content in one stream; one that ends early leaves nothing.</summary>
    public async Task<Outcome<BlobRef>> ReceiveAsync(
        IncomingBlob incoming,
        Identity by,
        CancellationToken cancel
    )
    {
        if (FileCheck.Problem(incoming.Size ?? 0, limits) is { } large)
            return large;
        using var place = uploads.TryEnter();
        return place is null
            ? uploads.Busy()
            : await ReceiveInPlaceAsync(incoming, by.User, cancel);
    }

    private async Task<Outcome<BlobRef>> ReceiveInPlaceAsync(
        IncomingBlob incoming,
        string owner,
        CancellationToken cancel
    )
    {
        var blob = new BlobRef
        {
            Sha256 = incoming.Sha256,
            Size = incoming.Size ?? BlobRules.AnySize,
        };
        var begun = await store.BeginAsync(blob, owner, cancel);
        if (!begun.IsGranted)
            return begun.Refusal;
        await using var upload = begun.Reply;
        while (await incoming.Next(cancel) is { IsEmpty: false } part)
        {
            if (FileCheck.Problem(upload.Received + part.Length, limits) is { } large)
                return large;
            if (incoming.Size is null && store.RefusalOf(part.Length) is { } noRoom)
                return noRoom;
            await upload.AppendAsync(part, cancel);
        }
        return await upload.FinishAsync(cancel)
            ? new BlobRef { Sha256 = blob.Sha256, Size = upload.Received }
            : Refusals.Of(
                RefusalCode.Usage,
                "The bytes sent do not have the SHA-256 that the request names; correct the hash or send the right file."
            );
    }
}
