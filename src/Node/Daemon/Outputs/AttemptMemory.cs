using System.Globalization;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>What the files of attempts tell about the jobs of their store.</summary>
internal static class AttemptMemory
{
    /// <summary>The highest jid whose files are here; 0: none.</summary>
    public static long HighestJid(HomePaths home)
    {
        try
        {
            var newest = Numbers(Directory.EnumerateDirectories(home.Attempts))
                .Where(segment => segment <= Segments.Highest)
                .DefaultIfEmpty(-1)
                .Max();
            return newest < 0
                ? 0
                : Numbers(Directory.EnumerateFileSystemEntries($"{home.Attempts}/{newest}"))
                    .Where(jid => Segments.Of(jid) == newest)
                    .DefaultIfEmpty(Segments.First(newest))
                    .Max();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The numbers with which the names of these files begin.</summary>
    private static IEnumerable<long> Numbers(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            var word = Path.GetFileName(file).Split('.')[0];
            if (
                long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            )
                yield return number;
        }
    }
}
