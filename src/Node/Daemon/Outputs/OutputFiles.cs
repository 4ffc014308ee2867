using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>A piece of a stream as it stands.</summary>
/// <param name="Offset">Of the first byte.</param>
/// <param name="Size">Bytes of the whole stream so far.</param>
public sealed record StreamPart(byte[] Data, long Offset, long Size);

/// <summary>Reads the files that attempts write to.</summary>
public sealed class OutputFiles(HomePaths home)
{
    /// <summary>At most <paramref name="max"/> bytes; null: there is no such file.</summary>
    /// <param name="offset">Negative: so many bytes before the end.</param>
    public StreamPart? Read(AttemptId id, OutputStream stream, long offset, int max)
    {
        try
        {
            using var file = File.OpenHandle(
                PathOf(id, stream),
                share: FileShare.ReadWrite | FileShare.Delete
            );
            var size = RandomAccess.GetLength(file);
            var from = offset < 0 ? Math.Max(0, size + offset) : Math.Min(offset, size);
            var data = new byte[Math.Min(max, size - from)];
            var read = RandomAccess.Read(file, data, from);
            return new(read == data.Length ? data : data[..read], from, size);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Bytes of the stream so far; 0 also where there is no file.</summary>
    public long Size(AttemptId id, OutputStream stream)
    {
        var file = new FileInfo(PathOf(id, stream));
        return file.Exists ? file.Length : 0;
    }

    private string PathOf(AttemptId id, OutputStream stream)
    {
        var paths = home.Attempt(id.Jid, id.Attempt);
        return stream switch
        {
            OutputStream.Stderr => paths.Stderr,
            OutputStream.Result when File.Exists(paths.Result) => paths.Result,
            _ => paths.Stdout,
        };
    }
}
