using System.Globalization;

namespace JobCloud.Chaos;

/// <summary>Sets the clocks of single nodes by libfaketime: a process reads the time of day from a
/// file. Monotonic clocks are unaffected, as when an administrator sets a machine's
/// clock.</summary>
public sealed class FakeClock(string folder)
{
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory
            .EnumerateDirectories("/usr/lib", "*-linux-gnu")
            .Select(static path => $"{path}/faketime/libfaketimeMT.so.1")
            .FirstOrDefault(File.Exists)
        : null;

    public static bool IsHere => Library is not null;

    /// <summary>The environment variables that make a node's processes use its clock.</summary>
    public IReadOnlyDictionary<string, string> VariablesOf(int node)
    {
        Set(node, TimeSpan.Zero);
        return new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library!,
            ["FAKETIME_TIMESTAMP_FILE"] = FileOf(node),
            ["FAKETIME_CACHE_DURATION"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    /// <summary>Sets a node's clock to this offset from the machine's clock.</summary>
    public void Set(int node, TimeSpan offset)
    {
        var seconds = offset.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture);
        File.WriteAllText($"{FileOf(node)}.new", $"{seconds}\n");
        File.Move($"{FileOf(node)}.new", FileOf(node), overwrite: true);
    }

    private string FileOf(int node) => Path.Combine(folder, $"clock{node + 1}");
}
