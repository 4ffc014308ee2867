using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>The contents that arrive in parts. Clients of one user that send the same content fill
/// one upload together.</summary>
/// <param name="most">Maximum number of uploads at the same time.</param>
internal sealed class BlobUploads(BlobStore store, int most, TimeProvider clock)
{
    private readonly Dictionary<(string Owner, ByteString Sha256), Arriving> _arriving = [];
    private readonly Lock _lock = new();
    private int _streams;

    /// <summary>Takes a part.</summary>
    public async Task<Outcome<PutBlobReply>> PutAsync(
        PutBlobRequest part,
        string owner,
        CancellationToken cancel
    )
    {
        var key = (owner, part.Blob.Sha256);
        if (part.Offset != 0 && !IsArriving(key))
            return await MissedAsync(part.Blob, owner, cancel);
        var found = FindOrAdd(key);
        if (found is null)
            return Busy();
        await found.Gate.WaitAsync(cancel);
        try
        {
            return found.IsOver
                ? await MissedAsync(part.Blob, owner, cancel)
                : await TakeAsync(found, part, key, cancel);
        }
        finally
        {
            found.Gate.Release();
        }
    }

    /// <summary>Takes the place of an upload that comes in one stream, until it is disposed of;
    /// null: there is none.</summary>
    public IDisposable? TryEnter()
    {
        lock (_lock)
        {
            if (_arriving.Count + _streams >= most)
                return null;
            _streams++;
            return new StreamPlace(this);
        }
    }

    public Refusal Busy() =>
        Refusals.Of(
            RefusalCode.Busy,
            $"{most} files are being sent to this node already; try again in a moment."
        );

    /// <summary>Forgets the uploads whose parts stopped coming.</summary>
    public async Task DropPausedAsync()
    {
        List<((string, ByteString) Key, Arriving Upload)> paused;
        lock (_lock)
            paused =
            [
                .. _arriving
                    .Where(one => clock.GetElapsedTime(one.Value.LastPart) > BlobRules.UploadPause)
                    .Select(one => (one.Key, one.Value)),
            ];
        foreach (var (key, upload) in paused)
        {
            if (!await upload.Gate.WaitAsync(TimeSpan.Zero))
                continue;
            await EndAsync(upload, key);
            upload.Gate.Release();
        }
    }

    /// <summary>The client has to begin, unless the content has arrived in another way.</summary>
    private async Task<Outcome<PutBlobReply>> MissedAsync(
        BlobRef blob,
        string owner,
        CancellationToken cancel
    )
    {
        var missing = await store.MissingAsync([blob], owner, cancel);
        return missing.Count == 0
            ? new PutBlobReply { Next = blob.Size, Done = true }
            : new PutBlobReply();
    }

    private async Task<Outcome<PutBlobReply>> TakeAsync(
        Arriving arriving,
        PutBlobRequest part,
        (string Owner, ByteString) key,
        CancellationToken cancel
    )
    {
        var isKept = false;
        try
        {
            if (arriving.Upload is null)
            {
                var begun = await store.BeginAsync(part.Blob, key.Owner, cancel);
                if (!begun.IsGranted)
                    return begun.Refusal;
                arriving.Upload = begun.Reply;
            }
            var upload = arriving.Upload;
            var step = upload.Blob.Equals(part.Blob)
                ? BlobRules.Decide(part, upload.Received)
                : PartStep.Refuse;
            if (step == PartStep.Refuse)
                return Refusals.Of(
                    RefusalCode.Usage,
                    "This is not a part of the file: it lies outside of the file's size."
                );
            isKept = true;
            arriving.LastPart = clock.GetTimestamp();
            if (step == PartStep.Skip)
                return new PutBlobReply { Next = upload.Received };
            isKept = false;
            await upload.AppendAsync(part.Data.Memory, cancel);
            if (step == PartStep.Take)
            {
                isKept = true;
                return new PutBlobReply { Next = upload.Received };
            }
            return await upload.FinishAsync(cancel)
                ? new PutBlobReply { Next = upload.Received, Done = true }
                : Refusals.Of(
                    RefusalCode.Usage,
                    "The bytes sent do not have the hash of the file, because the file changed during the upload. Submit again."
                );
        }
        finally
        {
            // After a failure, the client begins again.
            if (!isKept)
                await EndAsync(arriving, key);
        }
    }

    private async Task EndAsync(Arriving arriving, (string, ByteString) key)
    {
        arriving.IsOver = true;
        lock (_lock)
            _arriving.Remove(key);
        if (arriving.Upload is { } upload)
            await upload.DisposeAsync();
    }

    private bool IsArriving((string, ByteString) key)
    {
        lock (_lock)
            return _arriving.ContainsKey(key);
    }

    private Arriving? FindOrAdd((string, ByteString) key)
    {
        lock (_lock)
        {
            if (_arriving.TryGetValue(key, out var found))
                return found;
            if (_arriving.Count + _streams >= most)
                return null;
            return _arriving[key] = new Arriving { LastPart = clock.GetTimestamp() };
        }
    }

    private sealed class StreamPlace(BlobUploads uploads) : IDisposable
    {
        public void Dispose()
        {
            lock (uploads._lock)
                uploads._streams--;
        }
    }

    private sealed class Arriving
    {
        public SemaphoreSlim Gate { get; } = new(1);
        public BlobUpload? Upload { get; set; }
        public long LastPart { get; set; }
        public bool IsOver { get; set; }
    }
}
