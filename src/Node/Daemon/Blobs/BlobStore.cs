using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>The contents that a cloud keeps once, by their hash, as long as a submission refers to
/// them.</summary>
internal sealed class BlobStore(IBlobContents contents, BlobRows rows, TimeProvider clock)
{
    public BlobRows Rows => rows;
    public IBlobContents Contents => contents;

    /// <summary>The refusal of further bytes for which there is no room; null: there is.</summary>
    public Refusal? RefusalOf(long bytes) =>
        contents.WhyNoRoom(bytes) is { } why ? NoRoom(why) : null;

    /// <summary>Begins to receive a content; refused if there is no room for it.</summary>
    public async Task<Outcome<BlobUpload>> BeginAsync(
        BlobRef blob,
        string owner,
        CancellationToken cancel
    )
    {
        if (RefusalOf(Math.Max(0, blob.Size)) is { } noRoom)
            return noRoom;
        return new BlobUpload(blob, owner, await contents.WriteAsync(blob, cancel), clock);
    }

    /// <summary>Keeps bytes that the owner has sent in a request.</summary>
    /// <exception cref="RefusedException">There is no room.</exception>
    public async Task<BlobRef> KeepAsync(ByteString bytes, string owner, CancellationToken cancel)
    {
        var blob = BlobRules.RefOf(bytes.Span);
        if ((await MissingAsync([blob], owner, cancel)).Count == 0)
            return blob;
        var begun = await BeginAsync(blob, owner, cancel);
        if (!begun.IsGranted)
            throw new RefusedException(begun.Refusal);
        await using var upload = begun.Reply;
        await upload.AppendAsync(bytes.Memory, cancel);
        await upload.FinishAsync(cancel);
        return blob;
    }

    /// <summary>The contents that the owner must send. The others stay for a while.</summary>
    public Task<IReadOnlyList<BlobRef>> MissingAsync(
        IEnumerable<BlobRef> blobs,
        string owner,
        CancellationToken cancel
    ) => rows.ReferAsync(blobs, owner, new(0, 0, clock.NowMicroseconds()), cancel);

    /// <summary>Notes that a submission refers to contents, before it is committed. Returns those
    /// that the owner has not sent, or that are gone; then it refers to none.</summary>
    public Task<IReadOnlyList<BlobRef>> BindAsync(
        IEnumerable<BlobRef> blobs,
        string owner,
        long first,
        long last,
        CancellationToken cancel
    ) => rows.ReferAsync(blobs, owner, new(first, last, clock.NowMicroseconds()), cancel);

    /// <summary>Removes the references of a submission, and what only it referred to.</summary>
    public async Task ReleaseAsync(BoundSubmission submission, CancellationToken cancel) =>
        await RemoveAsync(await rows.ReleaseAsync(submission, cancel), cancel);

    /// <summary>Removes what was sent and not used within its time.</summary>
    public async Task ExpireAsync(CancellationToken cancel)
    {
        var before = clock.NowMicroseconds() - (long)BlobRules.KeptUnused.TotalMicroseconds;
        await RemoveAsync(await rows.ExpireAsync(before, cancel), cancel);
    }

    /// <summary>Removes what a crash left.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        await RemoveAsync(await rows.UnusedAsync(cancel), cancel);
        await contents.SweepAsync(cancel);
    }

    private static Refusal NoRoom(string why) =>
        Refusals.Of(
            RefusalCode.TooLarge,
            $"The node has no room for the file: {why}. Free space there, and try again."
        );

    private async Task RemoveAsync(IReadOnlyList<ByteString> unused, CancellationToken cancel)
    {
        foreach (var sha256 in unused)
            await contents.RemoveAsync(sha256, cancel);
    }
}
