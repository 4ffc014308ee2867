using System.Globalization;

namespace JobCloud.Chaos;

public enum Mark
{
    Start,
    Alive,
    End,
}

/// <summary>A line that an attempt wrote. The order of a file's lines is the order of their
/// writing.</summary>
/// <param name="At">Seconds since 1970, by the machine's clock.</param>
public sealed record TraceLine(long Jid, int Attempt, string Node, Mark Mark, double At);

/// <summary>What jobs do: each appends lines to a file of its own, at its start, while it lives, at
/// its end.</summary>
public static class Traces
{
    /// <param name="steps">Tenths of a second that it lives.</param>
    public static string Command(string file, int steps) =>
        $"t() (echo $JOBCLOUD_JID $JOBCLOUD_ATTEMPT $JOBCLOUD_NODE $1 $EPOCHREALTIME >> {file}); "
        + $"t start; for ((i = 0; i < {steps}; i++)); do sleep 0.1; t alive; done; t end";

    /// <summary>The whole lines of a file; a last one without its end was cut off by a
    /// kill.</summary>
    public static IReadOnlyList<TraceLine> Parse(string text)
    {
        var lines = new List<TraceLine>();
        foreach (var line in text.Split('\n')[..^1])
        {
            var words = line.Split(' ');
            lines.Add(
                new TraceLine(
                    long.Parse(words[0], CultureInfo.InvariantCulture),
                    int.Parse(words[1], CultureInfo.InvariantCulture),
                    words[2],
                    Enum.Parse<Mark>(words[3], ignoreCase: true),
                    double.Parse(words[4], CultureInfo.InvariantCulture)
                )
            );
        }
        return lines;
    }
}
