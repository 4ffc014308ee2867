using System.Text;
using System.Text.RegularExpressions;
using JobCloud.Protocol.Homes;

namespace JobCloud.Client.Nodes;

/// <summary>What the node and its executor log during one start.</summary>
internal sealed partial class StartLogs(HomePaths paths)
{
    private const int Lines = 10;

    private readonly long _nodeBefore = LengthOf(paths.NodeLog);
    private readonly long _executorBefore = LengthOf(paths.ExecutorLog);

    /// <summary>True if a node said that it cannot start, and exited.</summary>
    public bool HasRefused => Refusals().Any();

    /// <summary>Why the node did not start, to append to a sentence: what the node itself said,
    /// else the last lines of this start, else where to look.</summary>
    public string Reason()
    {
        var said = Refusals().LastOrDefault() ?? "";
        if (said.Length > 0)
            return $": {said}";
        foreach (var (path, before) in Both())
            if (NewLines(path, before) is { Count: > 0 } lines)
                return $"; the last lines of {path}:\n{string.Join('\n', lines.TakeLast(Lines))}";
        return $"; see {paths.ExecutorLog}.";
    }

    /// <summary>Sentences that the node wrote before it exited: lines without the time that starts
    /// each line of its log, and what belongs to them.</summary>
    private IEnumerable<string> Refusals()
    {
        if (!NewLines(paths.ExecutorLog, _executorBefore).Any(IsRefusal().IsMatch))
            return [];
        var lines = NewLines(paths.NodeLog, _nodeBefore).ToList();
        var first = lines.FindLastIndex(line => Logged().IsMatch(line)) + 1;
        var said = lines.Skip(first).SkipWhile(line => line.StartsWith(' ')).ToList();
        return said.Count == 0 ? [""] : [string.Join('\n', said.Distinct())];
    }

    private IEnumerable<(string Path, long Before)> Both() =>
        [(paths.NodeLog, _nodeBefore), (paths.ExecutorLog, _executorBefore)];

    private static List<string> NewLines(string path, long before)
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            // A shorter file is new: the earlier one was set aside.
            file.Position = file.Length >= before ? before : 0;
            using var reader = new StreamReader(file, Encoding.UTF8);
            return [.. reader.ReadToEnd().Split('\n').Where(line => line.Trim().Length > 0)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }

    /// <summary>The executor's line about a node that exited with 2, 3 or 4: it cannot use its
    /// settings, home or store.</summary>
    [GeneratedRegex("jobcloud-node, pid [0-9]+, exited with status [234]$")]
    private static partial Regex IsRefusal();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T")]
    private static partial Regex Logged();
}
