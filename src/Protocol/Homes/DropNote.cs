using System.Globalization;

namespace JobCloud.Protocol.Homes;

/// <summary>
/// The number of bytes dropped at the start of each stream of an attempt. The executor writes it
/// beside the streams (<see cref="AttemptPaths.DropNote"/>), which keep their length with zeros in
/// place of the dropped bytes.
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

    /// <summary>Parses the text of <see cref="ToString"/>, or of an earlier version with only the
    /// first two numbers; null: it is neither.</summary>
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
