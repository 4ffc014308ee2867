using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Tui.FullScreen.Screens.Submit;

/// <summary>Reads the files that the form names. Of those that do not stand in the request, only
/// the hash is kept. There is no standard input: the terminal's input is the keys.</summary>
internal sealed class LocalFiles : ISubmissionSource
{
    private readonly ConcurrentDictionary<string, ReadFile> _read = [];

    public ByteString? TryRead(string path, string? beside = null)
    {
        try
        {
            return UnsafeByteOperations.UnsafeWrap(File.ReadAllBytes(Full(path, beside)));
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    public string Directory
    {
        get
        {
            try
            {
                return Environment.CurrentDirectory;
            }
            catch (FileNotFoundException)
            {
                return "";
            }
        }
    }

    public string Absolute(string path) => Path.GetFullPath(path);

    public string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public IEnumerable<string> VariableNames =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>();

    public SentContent? SendInput() => null;

    /// <summary>Hashes a file only if it has changed since it was last hashed.</summary>
    public SentContent? Send(string path, string? beside = null)
    {
        try
        {
            var full = Full(path, beside);
            using var file = Open(full);
            var head = new byte[SentContent.InlineBytes + 1];
            var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (length < head.Length)
                return SentContent.Of(ByteString.CopyFrom(head, 0, length));
            // A pipe can be read only once.
            if (!file.CanSeek)
                return null;
            var (size, changed) = (file.Length, File.GetLastWriteTimeUtc(full));
            if (_read.TryGetValue(full, out var known) && known.Is(size, changed))
                return SentContent.Of(known.Blob);
            file.Position = 0;
            var hash = ByteString.CopyFrom(SHA256.HashData(file));
            var blob = new BlobRef { Sha256 = hash, Size = file.Position };
            _read[full] = new ReadFile(blob, changed);
            return SentContent.Of(blob);
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The path of a file that was hashed.</summary>
    public string PathOf(BlobRef blob) =>
        _read.First(read => read.Value.Blob.Sha256 == blob.Sha256).Key;

    public static FileStream Open(string path) =>
        new(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });

    private static string Full(string path, string? beside)
    {
        var folder = beside is null ? null : Path.GetDirectoryName(Path.GetFullPath(beside));
        return folder is null ? Path.GetFullPath(path) : Path.GetFullPath(path, folder);
    }

    private sealed record ReadFile(BlobRef Blob, DateTime Changed)
    {
        public bool Is(long size, DateTime changed) => Blob.Size == size && Changed == changed;
    }
}
