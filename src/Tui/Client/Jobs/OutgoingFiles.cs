using System.Security.Cryptography;
using Google.Protobuf;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Client.Jobs;

/// <summary>The files that submissions send along. Small ones stand in the request; of the others
/// only the hash is kept in memory, and the cloud gets those that it does not have.</summary>
/// <param name="variable">Reads an environment variable; null: it is not set.</param>
/// <param name="progress">Called for each upload, with its name and its size in bytes.</param>
internal sealed class OutgoingFiles(
    Func<string, string?> variable,
    Func<string, long, IUploadProgress?> progress
) : IDisposable
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Contents that one question asks about: it fits into any request.</summary>
    private const int AskedAtOnce = 500;

    /// <summary>How often an upload begins again, for example since its node restarted.</summary>
    private const int BeginningsMax = 20;

    private readonly Dictionary<ByteString, OutgoingFile> _files = [];

    /// <summary>Reads a file; null: it cannot be read.</summary>
    public SentContent? TryAdd(string path)
    {
        try
        {
            return Add(OpenFile(path), path);
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    public SentContent AddInput(Stream input) => Add(input, path: null);

    /// <summary>Sends what the cloud does not have.</summary>
    /// <exception cref="ClientErrorException">A file changed meanwhile.</exception>
    public async Task SendAsync(CloudConnection cloud, CancellationToken cancel = default)
    {
        foreach (var some in _files.Values.Chunk(AskedAtOnce))
        {
            var question = new FindBlobsRequest { Blobs = { some.Select(file => file.Blob) } };
            var answer = await cloud.Api.FindBlobsAsync(question, cloud.UnaryOptions(cancel));
            foreach (var missing in answer.Missing)
                await SendAsync(cloud, some[missing], cancel);
        }
    }

    /// <summary>Forgets all files.</summary>
    public void Forget()
    {
        foreach (var file in _files.Values)
            file.Spool?.Dispose();
        _files.Clear();
    }

    public void Dispose() => Forget();

    private SentContent Add(Stream stream, string? path)
    {
        var head = new byte[SentContent.InlineBytes + 1];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (length < head.Length)
        {
            Close(stream, path);
            return SentContent.Of(ByteString.CopyFrom(head, 0, length));
        }
        // A pipe can be read only once, and a hash precedes the content.
        var spool = path is not null && stream.CanSeek ? null : NewSpool();
        var blob = Read(stream, head, spool);
        Close(stream, path);
        if (!_files.TryAdd(blob.Sha256, new(blob, path ?? "standard input", spool)))
            spool?.Dispose();
        return SentContent.Of(blob);
    }

    private static BlobRef Read(Stream stream, byte[] head, FileStream? spool)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        head.CopyTo(buffer, 0);
        var (size, count) = (0L, head.Length);
        while (count > 0)
        {
            hash.AppendData(buffer, 0, count);
            spool?.Write(buffer, 0, count);
            size += count;
            count = stream.Read(buffer);
        }
        return new BlobRef { Sha256 = ByteString.CopyFrom(hash.GetHashAndReset()), Size = size };
    }

    /// <summary>A file without a name, which is gone when this process ends.</summary>
    private FileStream NewSpool()
    {
        var folder =
            variable("TMPDIR") is { Length: > 0 } named ? named
            : Directory.Exists("/var/tmp") ? "/var/tmp"
            : "/tmp";
        var spool = new FileStream(
            $"{folder}/jobcloud-{Guid.NewGuid():N}",
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        File.Delete(spool.Name);
        return spool;
    }

    private async Task SendAsync(CloudConnection cloud, OutgoingFile file, CancellationToken cancel)
    {
        using var opened = file.Spool is null ? OpenFile(file.Name) : null;
        var handle = (file.Spool ?? opened!).SafeFileHandle;
        using var shown = progress(Path.GetFileName(file.Name), file.Blob.Size);
        var buffer = new byte[BlobRules.PartBytes];
        var beginnings = 0;
        for (var offset = 0L; ; )
        {
            var count = RandomAccess.Read(handle, buffer, offset);
            count = (int)Math.Min(count, file.Blob.Size - offset);
            if (count <= 0 || (offset == 0 && ++beginnings > BeginningsMax))
                throw Changed(file);
            var part = new PutBlobRequest
            {
                Blob = file.Blob,
                Offset = offset,
                Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)),
            };
            var reply = await cloud.Api.PutBlobAsync(part, cloud.UnaryOptions(cancel));
            shown?.Show(reply.Next);
            if (reply.Done)
                return;
            offset = reply.Next;
        }
    }

    private static ClientErrorException Changed(OutgoingFile file) =>
        new(
            ClientError.Usage(
                $"The file {file.Name} could not be sent, since it changed meanwhile; submit again."
            )
        );

    private static FileStream OpenFile(string path) =>
        new(
            path,
            new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete }
        );

    private static void Close(Stream stream, string? path)
    {
        if (path is not null)
            stream.Dispose();
    }

    /// <param name="Name">Its path, unless it has a spool.</param>
    /// <param name="Spool">A copy; null: the file itself can be read again.</param>
    private sealed record OutgoingFile(BlobRef Blob, string Name, FileStream? Spool);
}
