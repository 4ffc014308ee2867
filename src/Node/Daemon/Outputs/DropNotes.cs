using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Reads what the executor notes of dropped output.</summary>
internal static class DropNotes
{
    /// <summary>None dropped, where there is no note.</summary>
    public static DropNote Of(AttemptPaths paths)
    {
        if (!File.Exists(paths.DropNote))
            return default;
        try
        {
            return DropNote.Parse(File.ReadAllText(paths.DropNote)) ?? default;
        }
        catch (IOException)
        {
            // Forgotten in between.
            return default;
        }
    }
}
