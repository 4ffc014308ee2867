using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Has the Python of jobs tell what it logs: a sitecustomize module in front of their
/// PYTHONPATH, and where to write to.</summary>
internal sealed class PythonHook(HomePaths home, ExecutorLimits limits)
{
    public const string LogVariable = "JOBCLOUD_LOG";
    public const string LevelVariable = "JOBCLOUD_LOG_LEVEL";
    public const string ProfileVariable = "JOBCLOUD_PROFILE";
    public const string PathVariable = "PYTHONPATH";

    private const string Resource = "JobCloud.Node.Executor.Logs.sitecustomize.py";
    private const string Off = "off";

    /// <summary>The level that the module takes where none is named.</summary>
    private const string UsualLevel = "info";

    private bool _isWritten;

    /// <summary>Adds what a job's Python needs to know to its variables.</summary>
    public void AddTo(Dictionary<string, string> variables, AttemptPaths paths, bool profile)
    {
        variables[LogVariable] = paths.Logging;
        if (profile)
            variables[ProfileVariable] = paths.Profile;
        if (limits.PythonLogging == Off && !profile || !IsWritten())
            return;
        var own = variables.GetValueOrDefault(PathVariable, "");
        variables[PathVariable] = own.Length == 0 ? home.Python : $"{home.Python}:{own}";
        if (limits.PythonLogging != UsualLevel)
            variables.TryAdd(LevelVariable, limits.PythonLogging);
    }

    /// <summary>Writes the module once; a home that it cannot be written to does without.</summary>
    private bool IsWritten()
    {
        if (_isWritten)
            return true;
        if (Folder.Make(home.Python) != 0)
            return false;
        try
        {
            using var module = typeof(PythonHook).Assembly.GetManifestResourceStream(Resource)!;
            // Beside it first: jobs of an earlier executor may be reading the one that is there.
            var fresh = $"{home.Python}/.fresh";
            using (var file = File.Create(fresh))
                module.CopyTo(file);
            File.Move(fresh, $"{home.Python}/sitecustomize.py", overwrite: true);
            return _isWritten = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
