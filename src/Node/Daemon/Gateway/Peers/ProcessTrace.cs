using System.Globalization;
using System.Text;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Gateway.Peers;

/// <summary>Where a process belongs.</summary>
/// <param name="Ancestors">Of a process in a job: it and its ancestors below the executor.</param>
/// <param name="Mark">The attempt that the environment of the nearest of them names.</param>
internal sealed record ProcessOrigin(IReadOnlyList<int> Ancestors, AttemptId? Mark);

/// <summary>Finds out whether a process belongs to a job of this home: by its ancestors, because
/// the executor adopts the orphans of its jobs; by its cgroup; and by its mark.
/// Thread-safe.</summary>
internal sealed class ProcessTrace(HomePaths home)
{
    /// <summary>More ancestors than a process has that is no attack.</summary>
    private const int MaxAncestors = 4096;

    private const int MaxTries = 10;
    private const int ParentField = 1;

    /// <summary>The cgroup that the executor may move itself to.</summary>
    private const string ExecutorLeaf = "executor";

    private volatile int _executor;
    private volatile string[] _cgroups = [];

    /// <summary>Returns the origin of a process in a job; null: it is in none.</summary>
    /// <param name="isTraced">False: unknown, because the process has exited or is hidden.</param>
    public ProcessOrigin? Of(int pid, out bool isTraced)
    {
        var chain = new List<int>();
        var isDescendant = false;
        isTraced = false;
        // The chain breaks where an ancestor exits meanwhile; then its child has a new parent.
        for (var tries = 0; !isTraced && tries < MaxTries; tries++)
            isTraced = TryWalk(pid, chain, out isDescendant);
        var mark = MarkOf(pid);
        if (!isDescendant && mark is null && !IsInCgroup(pid))
            return null;
        for (var i = 1; mark is null && isDescendant && i < chain.Count; i++)
            mark = MarkOf(chain[i]);
        return new ProcessOrigin(isDescendant ? chain : [], mark);
    }

    /// <summary>Follows the parents of a process up to the executor, or to the first process;
    /// false: one of them has exited.</summary>
    private bool TryWalk(int pid, List<int> chain, out bool isDescendant)
    {
        var executor = Executor();
        chain.Clear();
        var at = pid;
        while (at > 0 && at != executor && chain.Count < MaxAncestors)
        {
            chain.Add(at);
            if (ParentOf(at) is not { } parent)
            {
                isDescendant = false;
                return false;
            }
            at = parent;
        }
        isDescendant = at > 0;
        return true;
    }

    private AttemptId? MarkOf(int pid) =>
        Read($"/proc/{pid}/environ") is { } environment
            ? JobMark.Find(environment, home.Home)
            : null;

    private bool IsInCgroup(int pid)
    {
        if (_cgroups is [])
            _cgroups =
            [
                .. Text(home.Cgroups)
                    .Split('\n')
                    .Select(line => Path.GetFileName(line.Trim()))
                    .Where(name => name.Length > 0)
                    .Distinct(),
            ];
        // The processes that started the executor are in its own cgroup, and in no job.
        return _cgroups is not []
            && Text($"/proc/{pid}/cgroup")
                .Split('\n')
                .Any(line =>
                    _cgroups.Any(name =>
                        line.IndexOf($"/{name}/", StringComparison.Ordinal) is >= 0 and var start
                        && !line.AsSpan(start + name.Length + 2).StartsWith(ExecutorLeaf)
                    )
                );
    }

    /// <summary>The parent of this node, whose pid is in the lock file; 0: none.</summary>
    private int Executor()
    {
        if (_executor == 0 && int.TryParse(Text(home.ExecutorLock).Trim(), out var pid))
            _executor = pid;
        return _executor;
    }

    // The name in parentheses can contain spaces and parentheses.
    private static int? ParentOf(int pid)
    {
        var stat = Text($"/proc/{pid}/stat");
        var end = stat.LastIndexOf(')');
        return
            end > 0
            && int.TryParse(
                stat[(end + 2)..].Split(' ', ParentField + 2)[ParentField],
                CultureInfo.InvariantCulture,
                out var parent
            )
            ? parent
            : null;
    }

    private static string Text(string path) =>
        Read(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";

    // A process can exit between two reads, and those of other accounts may be hidden.
    private static byte[]? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
