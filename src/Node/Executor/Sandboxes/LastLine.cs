using System.Text;
using JobCloud.Node.Executor.Processes;

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
            using var file = JobFile.OpenOwn(path);
            if (file is null)
                return "";
            var bytes = new byte[MaxBytes];
            var from = Math.Max(0, RandomAccess.GetLength(file) - MaxBytes);
            var text = Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, from));
            return text.TrimEnd().Split('\n')[^1].Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
