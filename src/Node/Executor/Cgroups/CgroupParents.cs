using System.Text;
using JobCloud.Node.Executor.Homes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The note of the parents of a home's cgroups, for the next executor and the
/// guard.</summary>
internal static class CgroupParents
{
    private const long MaxBytes = 1 << 20;

    /// <summary>Limits of the search for parents that no note names.</summary>
    private const int DepthMax = 8,
        FoldersMax = 20_000;

    /// <summary>Writes the note; false: failed.</summary>
    public static bool Write(HomePaths home, IReadOnlyList<string> parents) =>
        RunFolder.Write(home.Cgroups, Encoding.UTF8.GetBytes(string.Join('\n', parents) + "\n"));

    /// <summary>The parents in the note. Where it is unreadable, all cgroups with this home's name
    /// are found instead.</summary>
    /// <param name="isReadable">Whether the note is readable; one that is missing is.</param>
    public static IReadOnlyList<string> Read(HomePaths home, out bool isReadable)
    {
        isReadable = true;
        if (!Path.Exists(home.Cgroups))
            return [];
        var name = CgroupFolder.NameFor(home.Home);
        var lines = Encoding
            .UTF8.GetString(RunFolder.Read(home.Cgroups, MaxBytes) ?? [])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        isReadable = lines.Length > 0 && lines.All(line => IsParent(line, name));
        return isReadable ? lines : Find(name);
    }

    /// <summary>Whether a line names a cgroup of this home: all processes below any other directory
    /// would be killed.</summary>
    private static bool IsParent(string line, string name) =>
        line.StartsWith('/')
        && !line.Contains('\0')
        && line.EndsWith($"/{name}", StringComparison.Ordinal);

    /// <summary>Searches all mounted hierarchies, level by level.</summary>
    private static List<string> Find(string name)
    {
        var found = new List<string>();
        var level = new CgroupView(File.ReadAllText("/proc/self/mountinfo"), "").Points.ToList();
        var count = 0;
        for (var depth = 0; depth < DepthMax && count < FoldersMax && level.Count > 0; depth++)
        {
            level = [.. level.SelectMany(CgroupFolder.Below).Take(FoldersMax - count)];
            count += level.Count;
            found.AddRange(level.Where(folder => Path.GetFileName(folder) == name));
        }
        return found;
    }
}
