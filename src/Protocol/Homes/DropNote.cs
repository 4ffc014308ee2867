using System.Globalization;

namespace JobCloud.Protocol.Homes;

/// <summary>
/// How many bytes were dropped from the starts of an attempt's streams, as the executor notes it
/// beside them (<see cref="AttemptPaths.DropNote"/>). The streams keep their length, with zeros
/// there.
/// </summary>
public readonly record struct DropNote(long Stdout, long Stderr, long Logging, long Syslog)
{
    public long Total => Stdout + Stderr + Logging + Syslog;

    public long Of(OutputStream stream) =>
        stream switch
        {
            OutputStream.Stdout => Stdout,
            OutputStream.Stderr => Stderr,
            OutputStream.Logging => Logging,
            OutputStream.Syslog => Syslog,
            _ => 0,
        };

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Stdout} {Stderr} {Logging} {Syslog}\n");

    /// <summary>Reads what <see cref="ToString"/> wrote, or an earlier version, which knew the
    /// first two alone; null: it is something else.</summary>
    public static DropNote? Parse(string text)
    {
        Span<long> numbers = stackalloc long[4];
        var words = text.Split(' ');
        if (words.Length is not (2 or 4))
            return null;
        for (var i = 0; i < words.Length; i++)
        {
            if (!long.TryParse(words[i], CultureInfo.InvariantCulture, out numbers[i]))
                return null;
            if (numbers[i] < 0)
                return null;
        }
        return new(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
