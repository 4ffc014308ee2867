using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Jobs;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.Tui.FullScreen.Screens.Submit;

/// <summary>Sends the files of a submission that the cloud does not have, part by part.</summary>
/// <param name="show">Receives the progress.</param>
internal sealed class FileUpload(ICloud cloud, LocalFiles files, Action<string> show)
{
    /// <summary>Contents that one question asks about: it fits into any request.</summary>
    private const int AskedAtOnce = 500;

    /// <summary>How often a file is sent from its start, for example since its node
    /// restarted.</summary>
    private const int BeginningsMax = 20;

    /// <returns>Why they are not sent; null: the cloud has all.</returns>
    public async Task<Refusal?> SendAsync(IReadOnlyList<BlobRef> blobs, CancellationToken cancel)
    {
        foreach (var some in blobs.Chunk(AskedAtOnce))
        {
            var question = new FindBlobsRequest { Blobs = { some } };
            var answer = await cloud
                .AskAsync(CloudCalls.FindBlobs.With(question), cancel)
                .ConfigureAwait(false);
            if (answer.Refusal is { } refusal)
                return refusal;
            foreach (var missing in answer.Message!.Missing)
                if (await SendAsync(some[missing], cancel).ConfigureAwait(false) is { } failure)
                    return failure;
        }
        return null;
    }

    private async Task<Refusal?> SendAsync(BlobRef blob, CancellationToken cancel)
    {
        var path = files.PathOf(blob);
        try
        {
            using var file = LocalFiles.Open(path);
            return await SendAsync(blob, file, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refusals.Of(
                RefusalCode.Usage,
                $"The file {path} cannot be read: {e.Message.TrimEnd('.')}."
            );
        }
    }

    private async Task<Refusal?> SendAsync(BlobRef blob, FileStream file, CancellationToken cancel)
    {
        var buffer = new byte[BlobRules.PartBytes];
        var beginnings = 0;
        for (var offset = 0L; ; )
        {
            var count = RandomAccess.Read(file.SafeFileHandle, buffer, offset);
            count = (int)Math.Min(count, blob.Size - offset);
            if (count <= 0 || (offset == 0 && ++beginnings > BeginningsMax))
                return Refusals.Of(
                    RefusalCode.Usage,
                    $"The file {file.Name} could not be sent, since it changed meanwhile; submit "
                        + "again."
                );
            var part = new PutBlobRequest
            {
                Blob = blob,
                Offset = offset,
                Data = Google.Protobuf.ByteString.CopyFrom(buffer, 0, count),
            };
            var reply = await cloud
                .AskAsync(CloudCalls.PutBlob.With(part), cancel)
                .ConfigureAwait(false);
            if (reply.Refusal is { } refusal)
                return refusal;
            if (reply.Message!.Done)
                return null;
            offset = reply.Message.Next;
            show($"Sends {Path.GetFileName(file.Name)}: {100 * offset / blob.Size} %");
        }
    }
}
