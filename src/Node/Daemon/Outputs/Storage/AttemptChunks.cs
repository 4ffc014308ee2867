using JobCloud.Protocol;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Outputs;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Daemon.Outputs.Storage;

/// <summary>Reads the chunks of an ended attempt's files that go into the store.</summary>
internal sealed class AttemptChunks(HomePaths home, OutputStoreSettings settings)
{
    private static readonly OutputStream[] Streams = Enum.GetValues<OutputStream>();

    /// <summary>Opens and reads the files as chunks are requested; a missing file has
    /// none.</summary>
    public IEnumerable<StoredChunk> Of(EndedOutput ended)
    {
        var paths = home.Attempt(ended.Id.Jid, ended.Id.Number);
        foreach (var stream in Streams)
        {
            if (IsEmpty(ended.Exit, stream))
                continue;
            using var file = Open(paths.Of(stream));
            if (file is null)
                continue;
            var size = RandomAccess.GetLength(file);
            var range = StoredRange.Of(
                stream,
                IsResult(paths, stream),
                size,
                DroppedOf(paths, stream),
                settings.ResultMax,
                Tail.Window()
            );
            for (var at = range.From; at < range.Until; at += settings.PartSize)
            {
                var data = new byte[Math.Min(settings.PartSize, range.Until - at)];
                if (!TryRead(file, data, at))
                    break;
                yield return new(ended.Id, stream, at, size, ended.EndedAt, data);
            }
        }
    }

    private static bool IsEmpty(Exit exit, OutputStream stream) =>
        stream switch
        {
            OutputStream.Stdout => exit.StdoutBytes == 0,
            OutputStream.Stderr => exit.StderrBytes == 0,
            OutputStream.Result => exit.ResultBytes == 0,
            _ => false,
        };

    private static bool IsResult(AttemptPaths paths, OutputStream stream) =>
        stream == OutputStream.Result
        || (stream == OutputStream.Stdout && !File.Exists(paths.Result));

    private static long DroppedOf(AttemptPaths paths, OutputStream stream) =>
        stream switch
        {
            OutputStream.Stdout => DropNotes.Of(paths).Stdout,
            OutputStream.Stderr => DropNotes.Of(paths).Stderr,
            _ => 0,
        };

    private static SafeFileHandle? Open(string path)
    {
        try
        {
            return UnlockedFile.Open(path);
        }
        catch (IOException)
        {
            // A job can remove the permission to read its own output.
            return null;
        }
    }

    private static bool TryRead(SafeFileHandle file, byte[] data, long at)
    {
        try
        {
            return RandomAccess.Read(file, data, at) == data.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
