using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>A piece of a stream as it stands.</summary>
/// <param name="Offset">
/// Of the first byte; more than was asked for where the stream's start was dropped.
/// </param>
/// <param name="Size">Bytes of the whole stream so far, dropped ones included.</param>
/// <param name="Dropped">Bytes from its start that are lost.</param>
internal sealed record StreamPart(byte[] Data, long Offset, long Size, long Dropped)
{
    public static readonly StreamPart Empty = new([], 0, 0, 0);
}

/// <summary>Reads the files that attempts write to.</summary>
internal sealed class OutputFiles(HomePaths home)
{
    /// <summary>At most <paramref name="max"/> bytes; null: nothing is kept of the
    /// attempt.</summary>
    /// <param name="offset">Negative: so many bytes before the end.</param>
    public StreamPart? Read(AttemptId id, OutputStream stream, long offset, int max)
    {
        var paths = home.Attempt(id.Jid, id.Number);
        using var file = PlainFile.Open(PathOf(paths, stream));
        if (file is null)
            return IsKept(paths) ? StreamPart.Empty : null;
        var size = RandomAccess.GetLength(file);
        var from = offset < 0 ? Math.Max(0, size + offset) : Math.Min(offset, size);
        while (true)
        {
            var data = new byte[Math.Min(max, size - from)];
            var read = RandomAccess.Read(file, data, from);
            // Looked at afterwards: what was dropped meanwhile has been read as zeros.
            var dropped = Math.Min(Dropped(paths, stream), size);
            if (dropped <= from)
                return new(read == data.Length ? data : data[..read], from, size, dropped);
            from = dropped;
        }
    }

    /// <summary>Bytes of the stream so far; 0 also where there is no file.</summary>
    public long Size(AttemptId id, OutputStream stream)
    {
        var file = new FileInfo(PathOf(home.Attempt(id.Jid, id.Number), stream));
        return file.Exists ? file.Length : 0;
    }

    private static long Dropped(AttemptPaths paths, OutputStream stream) =>
        stream != OutputStream.Result ? DropNotes.Of(paths).Of(stream)
        : File.Exists(paths.Result) ? 0
        : DropNotes.Of(paths).Stdout;

    // The executor removes a stream that ended empty: another one shows that the attempt is kept.
    private static bool IsKept(AttemptPaths paths) =>
        File.Exists(paths.Stdout)
        || File.Exists(paths.Stderr)
        || File.Exists(paths.Result)
        || File.Exists(paths.Logging)
        || File.Exists(paths.Syslog)
        || File.Exists(paths.Profile);

    private static string PathOf(AttemptPaths paths, OutputStream stream) =>
        stream == OutputStream.Result && !File.Exists(paths.Result)
            ? paths.Stdout
            : paths.Of(stream);
}
