using System.Globalization;
using JobCloud.Protocol.Homes;

namespace JobCloud.Benchmarks.History;

/// <summary>The options of <see cref="Millions"/>: <c>[FINISHED [UNFINISHED]] [--keep FOLDER]
/// [--starts N] [SETTING OF THE NODE…]</c>.</summary>
internal sealed record HistoryOptions(
    long Finished,
    long Unfinished,
    int Starts,
    HomePaths Home,
    bool IsKept,
    string[] Settings
)
{
    public static HistoryOptions Read(string[] arguments)
    {
        var numbers = new List<long>();
        var settings = new List<string>();
        string? kept = null;
        var starts = 5;
        for (var at = 0; at < arguments.Length; at++)
            if (arguments[at] == "--keep")
                kept = Directory.CreateDirectory(arguments[++at]).FullName;
            else if (arguments[at] == "--starts")
                starts = int.Parse(arguments[++at], CultureInfo.InvariantCulture);
            else if (settings.Count == 0 && long.TryParse(arguments[at], out var number))
                numbers.Add(number);
            else
                settings.Add(arguments[at]);
        return new HistoryOptions(
            numbers.ElementAtOrDefault(0) is > 0 and var finished ? finished : 10_000_000,
            numbers.Count > 1 ? numbers[1] : 10_000,
            starts,
            new HomePaths(kept ?? Directory.CreateTempSubdirectory("jcb-").FullName),
            kept is not null,
            [.. settings]
        );
    }

    public void Clean()
    {
        if (!IsKept)
            Directory.Delete(Home.Home, recursive: true);
    }
}
