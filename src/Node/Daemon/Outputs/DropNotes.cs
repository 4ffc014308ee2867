using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Reads the executor's notes of dropped output.</summary>
internal static class DropNotes
{
    /// <summary>Returns the note of an attempt; without one, nothing was dropped.</summary>
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
            // The note was deleted in between.
            return default;
        }
    }
}
