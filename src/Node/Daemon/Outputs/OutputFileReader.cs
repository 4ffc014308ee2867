using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>A chunk of a stream.</summary>
/// <param name="Offset">Offset of the first byte; higher than requested if the start of the stream
/// was dropped.</param>
/// <param name="Size">Size of the whole stream so far, dropped bytes included.</param>
/// <param name="Dropped">Number of bytes lost from its start.</param>
internal sealed record StreamChunk(byte[] Data, long Offset, long Size, long Dropped)
{
    public static readonly StreamChunk Empty = new([], 0, 0, 0);
}

/// <summary>Reads the output files of attempts.</summary>
internal sealed class OutputFileReader(HomePaths home)
{
    /// <summary>Reads at most <paramref name="max"/> bytes; null if nothing of the attempt is
    /// kept.</summary>
    /// <param name="offset">Negative: this many bytes before the end.</param>
    public StreamChunk? Read(AttemptId id, OutputStream stream, long offset, int max)
    {
        var paths = home.Attempt(id.Jid, id.Number);
        using var file = UnlockedFile.Open(PathOf(paths, stream));
        if (file is null)
            return IsKept(paths) ? StreamChunk.Empty : null;
        var size = RandomAccess.GetLength(file);
        var from = offset < 0 ? Math.Max(0, size + offset) : Math.Min(offset, size);
        while (true)
        {
            var data = new byte[Math.Min(max, size - from)];
            var read = RandomAccess.Read(file, data, from);
            // Check after reading: bytes dropped during the read come back as zeros.
            var dropped = Math.Min(Dropped(paths, stream), size);
            if (dropped <= from)
                return new(read == data.Length ? data : data[..read], from, size, dropped);
            from = dropped;
        }
    }

    /// <summary>Returns the size of the stream so far; 0 also if there is no file.</summary>
    public long Size(AttemptId id, OutputStream stream)
    {
        var file = new FileInfo(PathOf(home.Attempt(id.Jid, id.Number), stream));
        return file.Exists ? file.Length : 0;
    }

    private static long Dropped(AttemptPaths paths, OutputStream stream) =>
        stream != OutputStream.Result ? DropNotes.Of(paths).Of(stream)
        : File.Exists(paths.Result) ? 0
        : DropNotes.Of(paths).Stdout;

    // The executor removes empty streams of ended attempts: any other stream shows that the attempt
    // is kept.
    private static bool IsKept(AttemptPaths paths) =>
        File.Exists(paths.Stdout)
        || File.Exists(paths.Stderr)
        || File.Exists(paths.Result)
        || File.Exists(paths.Logging)
        || File.Exists(paths.Syslog)
        || File.Exists(paths.Exception)
        || File.Exists(paths.Profile);

    private static string PathOf(AttemptPaths paths, OutputStream stream) =>
        stream == OutputStream.Result && !File.Exists(paths.Result)
            ? paths.Stdout
            : paths.Of(stream);
}
