using Google.Protobuf;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Reads the files that travel with a job.</summary>
/// <param name="folder">What relative paths start from; null: the working directory.</param>
internal sealed class SentFiles(Terminal terminal, string? folder = null)
{
    /// <summary>Null where the file cannot be read.</summary>
    public ByteString? TryRead(string path)
    {
        try
        {
            var full = folder is null ? terminal.Absolute(path) : Path.GetFullPath(path, folder);
            return UnsafeByteOperations.UnsafeWrap(File.ReadAllBytes(full));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
