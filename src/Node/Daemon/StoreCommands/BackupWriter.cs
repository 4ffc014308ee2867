using System.Formats.Tar;
using System.Security.Cryptography;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>Writes the files of a backup into one tar file, and notes their hashes.</summary>
internal sealed class BackupWriter(Stream output) : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TarWriter _tar = new(output, TarEntryFormat.Pax, leaveOpen: true);
    private readonly List<BackupFile> _files = [];

    public IReadOnlyList<BackupFile> Files => _files;

    /// <summary>Adds a file as long as it is now: a job may still write to it.</summary>
    /// <returns>Whether it is there.</returns>
    public async Task<bool> AddAsync(string source, string path, CancellationToken cancel)
    {
        try
        {
            // Opening a pipe would block.
            if (new FileInfo(source).Length == 0)
            {
                await WriteAsync(path, Stream.Null, cancel);
                _files.Add(new BackupFile(path, 0, Convert.ToHexStringLower(SHA256.HashData([]))));
                return true;
            }
            await using var file = new FileStream(
                source,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            await using var content = new HashedStream(file, file.Length);
            await WriteAsync(path, content, cancel);
            _files.Add(new BackupFile(path, content.Length, content.Hash()));
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was deleted a moment ago.
            return false;
        }
    }

    /// <summary>Ends the backup with the list of its files.</summary>
    public async Task EndAsync(BackupManifest manifest, CancellationToken cancel)
    {
        using var content = new MemoryStream(manifest.ToBytes());
        await WriteAsync(BackupManifest.Name, content, cancel);
    }

    public ValueTask DisposeAsync() => _tar.DisposeAsync();

    private Task WriteAsync(string path, Stream content, CancellationToken cancel) =>
        _tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, path)
            {
                Mode = OwnerOnly,
                DataStream = content,
            },
            cancel
        );

    /// <summary>The first bytes of a file; what a file lost meanwhile is zero.</summary>
    private sealed class HashedStream(FileStream file, long length) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(
            HashAlgorithmName.SHA256
        );
        private long _at;

        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;

        public override long Position
        {
            get => _at;
            set => throw new NotSupportedException();
        }

        public string Hash() => Convert.ToHexStringLower(_hash.GetHashAndReset());

        public override int Read(Span<byte> buffer)
        {
            var wanted = (int)Math.Min(buffer.Length, length - _at);
            if (wanted == 0)
                return 0;
            var read = file.Read(buffer[..wanted]);
            if (read == 0)
            {
                buffer[..wanted].Clear();
                read = wanted;
            }
            _hash.AppendData(buffer[..read]);
            _at += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => new(Read(buffer.Span));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
