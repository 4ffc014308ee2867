using System.Globalization;

namespace JobCloud.Chaos;

public enum Mark
{
    Start,
    Alive,
    End,
}

/// <summary>A line written by an attempt. Lines in a file are in the order written.</summary>
/// <param name="At">Seconds since 1970 by the machine's clock.</param>
public sealed record TraceLine(long Jid, int Attempt, string Node, Mark Mark, double At);

/// <summary>The command and the parser of traces: each job appends lines to its own file at its
/// start, while it runs, and at its end.</summary>
public static class Traces
{
    /// <param name="steps">Duration in tenths of a second.</param>
    public static string Command(string file, int steps) =>
        $"t() (echo $JOBCLOUD_JID $JOBCLOUD_ATTEMPT $JOBCLOUD_NODE $1 $EPOCHREALTIME >> {file}); "
        + $"t start; for ((i = 0; i < {steps}; i++)); do sleep 0.1; t alive; done; t end";

    /// <summary>Parses the complete lines of a file; a kill may have truncated the last
    /// one.</summary>
    public static IReadOnlyList<TraceLine> Parse(string text)
    {
        var lines = new List<TraceLine>();
        foreach (var line in text.Split('\n')[..^1])
        {
            var fields = line.Split(' ');
            lines.Add(
                new TraceLine(
                    long.Parse(fields[0], CultureInfo.InvariantCulture),
                    int.Parse(fields[1], CultureInfo.InvariantCulture),
                    fields[2],
                    Enum.Parse<Mark>(fields[3], ignoreCase: true),
                    double.Parse(fields[4], CultureInfo.InvariantCulture)
                )
            );
        }
        return lines;
    }
}
