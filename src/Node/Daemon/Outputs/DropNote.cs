using System.Globalization;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>
/// How many bytes the executor has dropped from the starts of an attempt's streams: a file of two
/// numbers beside them. The streams keep their length, with zeros there.
/// </summary>
public readonly record struct DropNote(long Stdout, long Stderr)
{
    public const string Suffix = ".drop";

    /// <summary>None dropped, where there is no such note.</summary>
    public static DropNote Read(string path)
    {
        if (!File.Exists(path))
            return default;
        try
        {
            var words = File.ReadAllText(path).Split(' ');
            return
                words.Length == 2
                && long.TryParse(words[0], CultureInfo.InvariantCulture, out var stdout)
                && long.TryParse(words[1], CultureInfo.InvariantCulture, out var stderr)
                ? new(stdout, stderr)
                : default;
        }
        catch (IOException)
        {
            // Forgotten in between.
            return default;
        }
    }
}
