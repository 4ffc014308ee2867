using System.Globalization;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>
/// How many bytes the executor has dropped from the starts of an attempt's streams: a file of
/// numbers beside them. The streams keep their length, with zeros there.
/// </summary>
public readonly record struct DropNote(long Stdout, long Stderr, long Logging, long Syslog)
{
    public const string Suffix = ".drop";

    public long Total => Stdout + Stderr + Logging + Syslog;

    /// <summary>None dropped, where there is no such note.</summary>
    public static DropNote Read(string path)
    {
        if (!File.Exists(path))
            return default;
        try
        {
            var numbers = File.ReadAllText(path).Split(' ').Select(Number).ToArray();
            // An executor of an earlier version says it of the first two alone.
            return numbers is [var stdout, var stderr, .. var more]
                ? new(stdout, stderr, more.ElementAtOrDefault(0), more.ElementAtOrDefault(1))
                : default;
        }
        catch (IOException)
        {
            // Forgotten in between.
            return default;
        }
    }

    private static long Number(string word) =>
        long.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
