using System.Globalization;

namespace JobCloud.Benchmarks.History;

/// <summary>The options of <see cref="Years"/>.</summary>
/// <param name="Days">The number of simulated days.</param>
/// <param name="Jobs">The number of jobs that each day submits.</param>
/// <param name="Window">The number of days that retention keeps.</param>
/// <param name="Every">Measures after each so many days.</param>
/// <param name="EraseSeconds">The time within which data of deleted jobs leave the store.</param>
internal sealed record YearsOptions(
    int Days = 60,
    int Jobs = 20_000,
    int Window = 10,
    int Every = 5,
    int EraseSeconds = 2
)
{
    public const string Usage =
        "years [--days N] [--jobs N] [--window DAYS] [--every DAYS] [--erase SECONDS]";

    /// <summary>Of each day's jobs, the user deletes one in so many.</summary>
    public const int DeletedOneIn = 10;

    /// <exception cref="FormatException">An argument is not known.</exception>
    public static YearsOptions Read(string[] arguments)
    {
        var options = new YearsOptions();
        foreach (var pair in arguments.Chunk(2))
        {
            if (
                pair is not [var name, var text]
                || !int.TryParse(text, CultureInfo.InvariantCulture, out var number)
                || number < 1
            )
                throw new FormatException($"usage: {Usage}");
            options = name switch
            {
                "--days" => options with { Days = number },
                "--jobs" => options with { Jobs = number },
                "--window" => options with { Window = number },
                "--every" => options with { Every = number },
                "--erase" => options with { EraseSeconds = number },
                _ => throw new FormatException($"usage: {Usage}"),
            };
        }
        return options;
    }
}
