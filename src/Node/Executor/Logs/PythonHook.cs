using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Makes the Python of jobs log to JobCloud: puts a sitecustomize module first in their
/// PYTHONPATH and tells it where to write.</summary>
internal sealed class PythonHook(HomePaths home, ExecutorLimits limits)
{
    public const string LogVariable = "JOBCLOUD_LOG";
    public const string LevelVariable = "JOBCLOUD_LOG_LEVEL";
    public const string ProfileVariable = "JOBCLOUD_PROFILE";
    public const string ExceptionVariable = "JOBCLOUD_EXCEPTION";
    public const string PathVariable = "PYTHONPATH";

    private const string Resource = "JobCloud.Node.Executor.Logs.sitecustomize.py";
    private const string Off = "off";

    /// <summary>The module's default level.</summary>
    private const string DefaultLevel = "info";

    private const int Listable = 0x1ed; // 0755
    private const int ReadableByAll = 0x1a4; // 0644

    private bool _isWritten;

    /// <summary>Adds the module's settings to a job's variables.</summary>
    public void AddTo(Dictionary<string, string> variables, AttemptPaths paths, bool profile)
    {
        variables[LogVariable] = paths.Logging;
        if (profile)
            variables[ProfileVariable] = paths.Profile;
        if (limits.PythonLogging == Off && !profile || !IsWritten())
            return;
        variables[ExceptionVariable] = paths.Exception;
        var own = variables.GetValueOrDefault(PathVariable, "");
        variables[PathVariable] = own.Length == 0 ? home.Python : $"{home.Python}:{own}";
        if (limits.PythonLogging != DefaultLevel)
            variables.TryAdd(LevelVariable, limits.PythonLogging);
    }

    /// <summary>Writes the module once; if that fails, jobs run without it.</summary>
    private bool IsWritten()
    {
        if (_isWritten)
            return true;
        var isRoot = Libc.geteuid() == 0;
        // Python lists the directories of its path.
        if (Folder.Make(home.Python) != 0 || isRoot && Libc.chmod(home.Python, Listable) != 0)
            return false;
        try
        {
            using var module = typeof(PythonHook).Assembly.GetManifestResourceStream(Resource)!;
            // Written to a temporary file first: jobs of an earlier executor may be reading the
            // existing module.
            var fresh = $"{home.Python}/.fresh";
            File.Delete(fresh);
            using (var file = File.Create(fresh))
                module.CopyTo(file);
            if (isRoot)
                _ = Libc.chmod(fresh, ReadableByAll);
            File.Move(fresh, home.PythonModule, overwrite: true);
            return _isWritten = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
