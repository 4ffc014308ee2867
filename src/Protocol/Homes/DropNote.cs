using System.Globalization;

namespace JobCloud.Protocol.Homes;

/// <summary>
/// How many bytes were dropped from the starts of an attempt's streams, as the executor notes it beside
/// them (<see cref="AttemptPaths.DropNote"/>). The streams keep their length, with zeros there.
/// </summary>
public readonly record struct DropNote(long Stdout, long Stderr)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Stdout} {Stderr}\n");

    /// <summary>Reads what <see cref="ToString"/> wrote; null: it is something else.</summary>
    public static DropNote? Parse(string text)
    {
        var words = text.Split(' ');
        return
            words.Length == 2
            && long.TryParse(words[0], CultureInfo.InvariantCulture, out var stdout)
            && long.TryParse(words[1], CultureInfo.InvariantCulture, out var stderr)
            && stdout >= 0
            && stderr >= 0
            ? new(stdout, stderr)
            : null;
    }
}
