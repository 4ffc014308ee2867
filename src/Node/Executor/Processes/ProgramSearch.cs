using JobCloud.Protocol.Environments;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Finds programs as execvp(3) does; results from PATH are cached for a while.</summary>
internal sealed class ProgramSearch
{
    private const long CachedMs = 5_000;
    private const int CachedMax = 1_000;

    private readonly Dictionary<
        (uint User, string Path, string Name),
        (string File, long Until)
    > _found = [];

    /// <summary>Returns the file of a program; null: no executable file was found.</summary>
    /// <param name="path">The job's PATH; empty: not set.</param>
    /// <param name="directory">The directory of relative names.</param>
    /// <param name="account">The account that runs it; null: the executor's own.</param>
    public string? Find(
        string name,
        string path,
        string directory,
        long now,
        Account? account = null
    )
    {
        using var rights = new FileRights(account);
        var key = (account?.User ?? 0, path, name);
        if (name.Contains('/', StringComparison.Ordinal))
            return IsProgram(Path.Combine(directory, name)) ? name : null;
        if (_found.TryGetValue(key, out var known) && now < known.Until)
            return known.File;
        foreach (var folder in (path.Length == 0 ? EnvironmentPath.Default : path).Split(':'))
        {
            var file = $"{(folder.Length == 0 ? "." : folder)}/{name}";
            if (!IsProgram(Path.Combine(directory, file)))
                continue;
            if (file[0] != '/')
                return file;
            if (_found.Count >= CachedMax)
                _found.Clear();
            _found[key] = (file, now + CachedMs);
            return file;
        }
        return null;
    }

    /// <summary>Returns why the file that a name means is no program, as a sentence without a full
    /// stop; null: there is no such file.</summary>
    public static string? Obstacle(string name, string path, string directory, Account? account)
    {
        using var rights = new FileRights(account);
        if (name.Contains('/', StringComparison.Ordinal))
            return ObstacleOf(name, directory, isPath: true);
        foreach (var folder in (path.Length == 0 ? EnvironmentPath.Default : path).Split(':'))
        {
            var file = $"{(folder.Length == 0 ? "." : folder)}/{name}";
            if (ObstacleOf(file, directory, isPath: false) is { } obstacle)
                return obstacle;
        }
        return null;
    }

    /// <param name="isPath">False: a search in PATH skips directories, and files out of
    /// reach.</param>
    private static string? ObstacleOf(string file, string directory, bool isPath)
    {
        if (!Libc.TryStat(Path.Combine(directory, file), followLink: true, out var status))
            return isPath && Libc.Errno == Libc.EACCES ? $"permission denied: {file}" : null;
        if (!status.IsRegular)
            return !isPath ? null
                : status.IsDirectory ? $"{file} is a directory"
                : $"{file} is not a regular file";
        return $"permission denied: {file} is not executable";
    }

    /// <summary>Clears the cache, after a cached program turned out to be missing.</summary>
    public void Forget() => _found.Clear();

    private static bool IsProgram(string file) =>
        Libc.MayAccess(file, Libc.X_OK)
        && Libc.TryStat(file, followLink: true, out var status)
        && status.IsRegular;
}
