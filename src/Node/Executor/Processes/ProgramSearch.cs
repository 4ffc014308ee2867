using JobCloud.Protocol.Environments;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Finds programs as execvp(3) does; what is found in PATH is believed for a
/// while.</summary>
internal sealed class ProgramSearch
{
    private const long BelievedMs = 5_000;
    private const int RememberedMax = 1_000;

    private readonly Dictionary<(string Path, string Name), (string File, long Until)> _found = [];

    /// <summary>The file of a program; null: there is none that may be executed.</summary>
    /// <param name="path">The job's PATH; empty: it has none.</param>
    /// <param name="directory">What relative names are relative to.</param>
    public string? Find(string name, string path, string directory, long now)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            return IsProgram(Path.Combine(directory, name)) ? name : null;
        if (_found.TryGetValue((path, name), out var known) && now < known.Until)
            return known.File;
        foreach (var folder in (path.Length == 0 ? EnvironmentPath.Default : path).Split(':'))
        {
            var file = $"{(folder.Length == 0 ? "." : folder)}/{name}";
            if (!IsProgram(Path.Combine(directory, file)))
                continue;
            if (file[0] != '/')
                return file;
            if (_found.Count >= RememberedMax)
                _found.Clear();
            _found[(path, name)] = (file, now + BelievedMs);
            return file;
        }
        return null;
    }

    /// <summary>A remembered program turned out to be gone.</summary>
    public void Forget() => _found.Clear();

    private static bool IsProgram(string file) =>
        Libc.access(file, Libc.X_OK) == 0
        && Libc.TryStat(file, followLink: true, out var status)
        && status.IsRegular;
}
