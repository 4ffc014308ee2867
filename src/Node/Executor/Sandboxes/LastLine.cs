using System.Text;

namespace JobCloud.Node.Executor.Sandboxes;

/// <summary>The last line that a failed program printed.</summary>
internal static class LastLine
{
    private const int MaxBytes = 1_024;

    /// <summary>Returns the last non-blank line of a file; empty: none.</summary>
    public static string Of(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            file.Seek(-Math.Min(file.Length, MaxBytes), SeekOrigin.End);
            var bytes = new byte[MaxBytes];
            var text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, MaxBytes, false));
            return text.TrimEnd().Split('\n')[^1].Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
